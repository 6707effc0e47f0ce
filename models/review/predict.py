"""Turns a trained bundle and the features of a bill into the probability that a person will change it, and why."""

import numpy as np
from numpy.typing import NDArray

from models.bundle import Bundle
from models.drift import as_kept
from models.prediction import Prediction
from models.review.features import FEATURES
from models.review.reasons import reasons_of
from models.trained import TrainedTrees

NAME = "review"
DECIMALS = 6
"""Probabilities are kept with so many, so that they are stored, hashed and compared as one number."""


class ReviewModel(TrainedTrees):
    """The model of invoices a person will change or dispute.

    Raises:
        UnavailableError: `MODEL-COLUMNS` when it was trained on other columns.
    """

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle, "disputed", FEATURES)
        self.version = bundle.version
        self.base = float(bundle.content["base"])

    def probabilities(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The calibrated probability for each row."""
        return np.round(super().probabilities(rows), DECIMALS)

    def predict(self, subject: str, row: list[float]) -> Prediction:
        """The probability of one bill, with what raised it most."""
        rows = np.asarray([row], dtype=np.float64)
        return Prediction(
            subject=subject,
            probability=float(self.probabilities(rows)[0]),
            model=self.version,
            reasons=reasons_of(self.contributions(rows)[0], rows[0]),
            features=as_kept(rows[0]),
        )
