"""Turns a trained bundle and a case's candidates into teams in order, each with its probability and why."""

from dataclasses import dataclass

import numpy as np

from models.bundle import Bundle
from models.prediction import Reason
from models.routing.features import FEATURES, Candidates
from models.routing.reasons import reasons_of
from models.trained import TrainedTrees

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


class TeamRanker(TrainedTrees):
    """The model of teams: what it says of a candidate's row is how likely this team resolves the case.

    Raises:
        UnavailableError: `MODEL-COLUMNS` when it was trained on other columns.
    """

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle, "team", FEATURES)
        self.version = bundle.version

    def rank(self, candidates: Candidates, *, count: int = 3) -> tuple[TeamRank, ...]:
        """The best teams, the most probable first; of equals, the more usual one."""
        rows = np.asarray(candidates.rows, dtype=np.float64)
        chances = self.probabilities(rows)
        first = np.argsort(-chances, kind="stable")[:count]
        why = reasons_of(self.contributions(rows[first[:1]])[0], rows[first[0]])
        return tuple(
            TeamRank(team=candidates.teams[at], probability=float(chances[at]), reasons=why if place == 0 else ())
            for place, at in enumerate(first)
        )
