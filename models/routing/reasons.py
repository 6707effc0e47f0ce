"""Says why a team is named first, in a planner's words, from what each feature added to its score."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from models.prediction import Reason
from models.routing.features import FEATURES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REASONS: Final = 3
_WORDS: Final = {
    "initial_group": "that arrived at the same team",
    "kind": "of this kind",
    "subcategory": "of this subcategory",
    "symptom": "with this symptom",
    "location": "from this place",
    "opened_by": "opened by the same person",
}


def reasons_of(contributions: "NDArray[np.float64]", row: "NDArray[np.float64]") -> tuple[Reason, ...]:
    """What spoke most for or against the team, each kind of likeness once.

    Args:
        contributions: what each feature added, and in the last place what all start from.
        row: the candidate's features.
    """
    said: dict[str, Reason] = {}
    for at in sorted(range(len(FEATURES)), key=lambda place: -abs(float(contributions[place]))):
        weight, value = float(contributions[at]), float(row[at])
        words = _words(FEATURES[at], value, weight, row)
        if words is not None and words not in said:
            said[words] = Reason(feature=FEATURES[at], words=words, weight=weight)
        if len(said) == REASONS:
            break
    return tuple(said.values())


def _words(feature: str, value: float, weight: float, row: "NDArray[np.float64]") -> str | None:
    """The feature as a sentence; None for one that says nothing to a person."""
    if feature == "is_initial":
        return "the case arrived there" if value else "the case arrived at another team"
    if feature.startswith("share:"):
        name = feature.removeprefix("share:")
        known = float(row[FEATURES.index(f"known:{name}")])
        if known < 1:
            return None
        return f"this team resolved {value:.0%} of the recent cases {_likeness(name.split('+'))}"
    if feature in {"standing", "place", "behind_best"}:
        return "cases like this one mostly ended there" if weight > 0 else "cases like this one often ended elsewhere"
    if feature in {"share_of_all", "share_of_all_lately"}:
        return f"this team resolves {value:.0%} of all cases at present"
    return None


def _likeness(names: Sequence[str]) -> str:
    words = [_WORDS[name] for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
