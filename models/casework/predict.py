"""Turns a trained bundle and a case's features into the probability that it misses its deadline."""

from models.bundle import Bundle
from models.casework.features import FEATURES
from models.trained import TrainedTrees


class DeadlineModel(TrainedTrees):
    """The model of missed deadlines.

    Raises:
        UnavailableError: `MODEL-COLUMNS` when it was trained on other columns.
    """

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle, "missed", FEATURES)
