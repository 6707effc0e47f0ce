"""The trees of a bundle with what turns their scores into probabilities, and whether this version makes its columns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.errors import UnavailableError
from models.booster import Booster
from models.bundle import Bundle
from models.calibration import calibration_from_json

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAMED = 5


class TrainedTrees:
    """Calibrated trees, loaded once.

    Args:
        trees: the name of the booster in the bundle.
        features: the columns this version makes, in its order.

    Raises:
        UnavailableError: `MODEL-COLUMNS` for a bundle that was trained on others.
    """

    def __init__(self, bundle: Bundle, trees: str, features: Sequence[str]) -> None:
        if bundle.features != tuple(features) or trees not in bundle.boosters:
            raise other_columns(bundle, features)
        self._trees = Booster(bundle.boosters[trees])
        self._calibration = calibration_from_json(bundle.content["calibration"])

    def probabilities(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The calibrated probability for each row."""
        return self._calibration.apply(self._trees.predict(rows))

    def contributions(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """What each column added to the score of a row; in the last what all start from."""
        return self._trees.contributions(rows)


def other_columns(bundle: Bundle, made: Sequence[str], *, may_lack: bool = False) -> UnavailableError:
    """The refusal of a bundle that was not trained on the columns this version makes.

    Args:
        made: the columns this version makes.
        may_lack: a model that leaves columns out fits all the same, so that they are not worth naming.
    """
    extra = [name for name in bundle.features if name not in made]
    lacking = [] if may_lack else [name for name in made if name not in bundle.features]
    parts = [f"{what}: {_few(names)}" for what, names in (("not made here", extra), ("not in it", lacking)) if names]
    named = f" ({'; '.join(parts)})" if parts else ""
    return UnavailableError(
        "MODEL-COLUMNS",
        f"The model {bundle.version} was trained on other columns than this version makes{named}.",
        f"Train it again: clearhold-train {bundle.name} --promote.",
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
