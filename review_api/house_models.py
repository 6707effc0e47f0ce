"""Says which models a house has: loaded, of other columns, refused as its file is not as written, or missing."""

from dataclasses import dataclass

from core.errors import UnavailableError
from models.bundle import MODEL_NAMES
from models.fit import misfit_of
from review_api.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseModel:
    """One model.

    Attributes:
        version: of what serves now; after a refusal that is what was loaded before, if anything was.
        problem: why its file is refused, or why the model says nothing though its file is sound.
    """

    name: str
    version: str | None
    trained_until: str | None
    problem: UnavailableError | None
    fits: bool = True

    @property
    def state(self) -> str:
        """`loaded`, `misfit`, `refused` or `missing`."""
        if not self.fits:
            return "misfit"
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
        misfit = None if bundle is None else misfit_of(bundle)
        found.append(
            HouseModel(
                name=name,
                version=version,
                trained_until=_text(until),
                problem=misfit or problem,
                fits=misfit is None,
            )
        )
    return tuple(found)


def in_a_word(services: Services) -> dict[str, str]:
    """By name the version that serves, or `refused` or `misfit`; a model that is missing is not named."""
    return {
        one.name: one.state if one.problem is not None else str(one.version)
        for one in of_house(services)
        if one.state != "missing"
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
