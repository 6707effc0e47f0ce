"""Turns a trained bundle and a case's candidates into teams in order, each with its probability and why."""

from dataclasses import dataclass

import numpy as np

from core.errors import UnavailableError
from models.booster import Booster
from models.bundle import Bundle
from models.calibration import calibration_from_json
from models.prediction import Reason
from models.routing.features import FEATURES, Candidates
from models.routing.reasons import reasons_of

NAME = "routing"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRank:
    """A team that may get a case.

    Attributes:
        probability: that it is the one that resolves the case in the end.
        reasons: the strongest first; given for the first team only.
    """

    team: str
    probability: float
    reasons: tuple[Reason, ...] = ()


class TeamRanker:
    """The trees of a bundle, loaded once."""

    def __init__(self, bundle: Bundle) -> None:
        """Loads the trees.

        Raises:
            UnavailableError: `MODEL-FEATURES` when it was trained on other columns.
        """
        if bundle.features != FEATURES:
            raise UnavailableError(
                "MODEL-FEATURES",
                f"The model {bundle.version} was trained on other columns than this version computes.",
                "Train it again: clearhold-train routing --promote.",
            )
        self.version = bundle.version
        self._trees = Booster(bundle.boosters["team"])
        self._calibration = calibration_from_json(bundle.content["calibration"])

    def probabilities(self, rows: "np.typing.NDArray[np.float64]") -> "np.typing.NDArray[np.float64]":
        """For each candidate's row, the probability that this team resolves the case."""
        return self._calibration.apply(self._trees.predict(rows))

    def rank(self, candidates: Candidates, *, count: int = 3) -> tuple[TeamRank, ...]:
        """The best teams, the most probable first; of equals, the more usual one."""
        rows = np.asarray(candidates.rows, dtype=np.float64)
        chances = self.probabilities(rows)
        first = np.argsort(-chances, kind="stable")[:count]
        why = reasons_of(self._trees.contributions(rows[first[:1]])[0], rows[first[0]])
        return tuple(
            TeamRank(team=candidates.teams[at], probability=float(chances[at]), reasons=why if place == 0 else ())
            for place, at in enumerate(first)
        )
