"""Turns a trained bundle and a case's features into the probability that it misses its deadline."""

import numpy as np
from numpy.typing import NDArray

from core.errors import UnavailableError
from models.booster import Booster
from models.bundle import Bundle
from models.calibration import calibration_from_json
from models.casework.features import FEATURES


class DeadlineModel:
    """The trees of a bundle, loaded once."""

    def __init__(self, bundle: Bundle) -> None:
        """Loads the trees.

        Raises:
            UnavailableError: `MODEL-FEATURES` when it was trained on other columns.
        """
        if bundle.features != FEATURES:
            raise UnavailableError(
                "MODEL-FEATURES",
                f"The model {bundle.version} was trained on other columns than this version computes for cases.",
                "Train it again on the feed exceptions.",
            )
        self._trees = Booster(bundle.boosters["missed"])
        self._calibration = calibration_from_json(bundle.content["calibration"])

    def probabilities(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The calibrated probability for each row."""
        return self._calibration.apply(self._trees.predict(rows))
