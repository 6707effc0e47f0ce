"""Whether this version makes the columns a model was trained on; a model of others may say nothing."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from models.trained import other_columns

if TYPE_CHECKING:
    from core.errors import UnavailableError
    from models.bundle import Bundle


def misfit_of(bundle: "Bundle") -> "UnavailableError | None":
    """Why a sound bundle cannot serve here (`MODEL-COLUMNS`), with the columns; None where it can.

    What a feed lacks is not looked at: that is known only once it is read.
    """
    return _MISFITS[bundle.name](bundle)


def _late(bundle: "Bundle") -> "UnavailableError | None":
    from models.late.features import feature_names

    made = feature_names(tuple(tuple(key) for key in bundle.content.get("keys", ())))
    is_known = bool(bundle.features) and set(bundle.features) <= set(made)
    return None if is_known and "late" in bundle.boosters else other_columns(bundle, made, may_lack=True)


def _demand(bundle: "Bundle") -> "UnavailableError | None":
    from models.demand.features import names_with

    return _unless_same(bundle, names_with(bundle.content.get("extras", ())))


def _replenishment(bundle: "Bundle") -> "UnavailableError | None":
    from models.replenishment.learnt import FEATURES, learnt_of

    return None if learnt_of(bundle) is not None else other_columns(bundle, FEATURES)


def _review(bundle: "Bundle") -> "UnavailableError | None":
    from models.casework.features import FEATURES as OF_CASES
    from models.review.features import FEATURES

    if bundle.features == OF_CASES and "missed" in bundle.boosters:
        return None  # a house without settled invoices learns from cases; it is meant to say nothing of invoices
    return _unless_same(bundle, FEATURES, trees="disputed")


def _routing(bundle: "Bundle") -> "UnavailableError | None":
    from models.routing.features import FEATURES

    return _unless_same(bundle, FEATURES, trees="team")


def _unless_same(bundle: "Bundle", made: tuple[str, ...], *, trees: str | None = None) -> "UnavailableError | None":
    is_same = bundle.features == tuple(made) and (trees is None or trees in bundle.boosters)
    return None if is_same else other_columns(bundle, made)


_MISFITS: Final[Mapping[str, Callable[["Bundle"], "UnavailableError | None"]]] = {
    "sla-miss": _late,
    "demand": _demand,
    "replenishment": _replenishment,
    "review": _review,
    "routing": _routing,
}
