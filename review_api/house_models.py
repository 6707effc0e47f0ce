"""Says which models a house has: loaded, refused because a file is not as it was written, or missing."""

from dataclasses import dataclass

from core.errors import UnavailableError
from models.bundle import MODEL_NAMES
from review_api.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseModel:
    """One model.

    Attributes:
        version: of what serves now; after a refusal that is what was loaded before, if anything was.
        problem: why its file is refused.
    """

    name: str
    version: str | None
    trained_until: str | None
    problem: UnavailableError | None

    @property
    def state(self) -> str:
        """`loaded`, `refused` or `missing`."""
        if self.problem is not None:
            return "refused"
        return "missing" if self.version is None else "loaded"


def of_house(services: Services) -> tuple[HouseModel, ...]:
    """Every model there can be, and how it stands with it here."""
    found = []
    for name in MODEL_NAMES:
        bundle, problem = services.bundles.get(name), services.bundles.problem(name)
        until = None if bundle is None else bundle.card.get("trained_until")
        version = None if bundle is None else bundle.version
        found.append(HouseModel(name=name, version=version, trained_until=_text(until), problem=problem))
    return tuple(found)


def in_a_word(services: Services) -> dict[str, str]:
    """By name the version that serves, or `refused`; a model that is missing is not named."""
    return {
        one.name: "refused" if one.problem is not None else str(one.version)
        for one in of_house(services)
        if one.state != "missing"
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
