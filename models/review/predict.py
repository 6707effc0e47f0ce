"""Turns a trained bundle and the features of a bill into the probability that a person will change it, and why."""

import numpy as np
from numpy.typing import NDArray

from core.errors import UnavailableError
from models.booster import Booster
from models.bundle import Bundle
from models.calibration import calibration_from_json
from models.prediction import Prediction
from models.review.features import FEATURES
from models.review.reasons import reasons_of

NAME = "review"
DECIMALS = 6
"""Probabilities are kept with so many, so that they are stored, hashed and compared as one number."""


class ReviewModel:
    """The trees of a bundle, loaded once."""

    def __init__(self, bundle: Bundle) -> None:
        """Loads the trees.

        Raises:
            UnavailableError: `MODEL-FEATURES` when it was trained on other columns.
        """
        if bundle.features != FEATURES:
            raise UnavailableError(
                "MODEL-FEATURES",
                f"The model {bundle.version} was trained on other columns than this version computes for invoices.",
                "Train it on posted invoices: clearhold-train review --promote.",
            )
        self.version = bundle.version
        self.base = float(bundle.content["base"])
        self._trees = Booster(bundle.boosters["disputed"])
        self._calibration = calibration_from_json(bundle.content["calibration"])

    def probabilities(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The calibrated probability for each row."""
        return np.round(self._calibration.apply(self._trees.predict(rows)), DECIMALS)

    def predict(self, subject: str, row: list[float]) -> Prediction:
        """The probability of one bill, with what raised it most."""
        rows = np.asarray([row], dtype=np.float64)
        return Prediction(
            subject=subject,
            probability=float(self.probabilities(rows)[0]),
            model=self.version,
            reasons=reasons_of(self._trees.contributions(rows)[0], rows[0]),
        )
