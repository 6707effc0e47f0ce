"""Learns which team a case should go to: trees score a few candidates again, beside where it arrived and a look-up.

The trees are fixed at the cut. The shares among like cases that they look at are, for every case, those known when it
was opened, in training and in judging alike: what serving will see.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.feed_frames import Frames
from models.bundle import Bundle, make_bundle
from models.calibration import fit_beta
from models.casework.cases import ATTRIBUTES, Case, CaseBook, Ending, casebook, walk
from models.drift import REFERENCE, reference
from models.routing.features import CANDIDATES, FEATURES, TeamHistory
from models.routing.predict import NAME, TeamRanker
from training.predictions.casework import FEWEST, Cut, cut_of, too_little
from training.predictions.metrics import ece, top_k
from training.predictions.outcome import Judged, Outcome, Period, Say
from training.predictions.pictures import reliability_svg

Floats = npt.NDArray[np.float64]

PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 15,
    "learning_rate": 0.06,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
ROUNDS = 150
CALIBRATED_SHARE = 0.2
"""The newest share of what may be learnt from that calibrates trees grown on the rest."""
KNOWN_THEN = (
    "Labels are those known at the cut, case by case; what is known of like cases is what was known when a case was "
    "opened."
)
INITIAL, LOOK_UP = "where it arrived", "look-up table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Cases that were opened, with their candidates: rows one under another, `starts` where each case's begin.

    Attributes:
        cases: numbers in the book, in the order they were opened.
        right: 1 in the row of the team that resolved the case.
    """

    cases: npt.NDArray[np.int64]
    teams: tuple[tuple[str, ...], ...]
    rows: Floats
    right: Floats
    starts: npt.NDArray[np.int64]

    def of(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which rows belong to the chosen cases."""
        return np.repeat(chosen, np.diff(self.starts))


def train(frames: Frames, period: Period, *, seed: int, say: Say) -> Outcome:
    """Learns from cases that had ended by the cut, and is judged on those opened after it.

    Raises:
        InputError: `TRAIN-TOO-LITTLE`.
    """
    book = casebook(frames.frame("exceptions"))
    cut = cut_of(book, period)
    say(f"{len(book.cases)} cases; learning from those that had ended by {cut.trained_until}")
    asked = ask(book, cut.to)
    endings = [book.endings[number] for number in asked.cases]
    opened = np.array([book.cases[number].opened for number in asked.cases])
    named = np.array([ending is not None and ending.group is not None for ending in endings])
    known = np.array([np.inf if ending is None else ending.known for ending in endings])
    learnt, judged = named & (known <= cut.until), named & (opened > cut.until) & (opened <= cut.to)
    if learnt.sum() < FEWEST:
        raise too_little(int(learnt.sum()))
    say(f"{int(learnt.sum())} cases to learn from, {int(judged.sum())} to be judged on")
    bundle = _bundle(asked, learnt, opened, cut, seed)
    truth = [_group(endings[at]) for at in np.flatnonzero(judged)]

    def judge(other: Bundle) -> Judged | None:
        return _judged(asked, judged, truth, other) if other.features == FEATURES else None

    model = _judged(asked, judged, truth, bundle)
    past = [(book.cases[number], ending) for number, ending in zip(asked.cases, endings, strict=True)]
    ways = {
        "model": model,
        **_rules_of_today(
            [(case, _group(ending)) for (case, ending), is_learnt in zip(past, learnt, strict=True) if is_learnt],
            [book.cases[number] for number in asked.cases[judged]],
            truth,
        ),
    }
    first, right = _first(asked, judged, truth, bundle)
    return Outcome(
        name=NAME,
        trained_until=cut.trained_until,
        judged_from=cut.judged_from,
        judged_to=cut.judged_to,
        count=len(truth),
        ways=ways,
        rule=INITIAL,
        calibration="ece",
        bundle=bundle,
        judge=judge,
        parameters=PARAMETERS | {"rounds": ROUNDS, "candidates": CANDIDATES, "seed": seed},
        plots={"routing-reliability": reliability_svg(right, first, title="Team named first", of="cases")},
        notes=(
            KNOWN_THEN,
            f"Leak alarm: a random split says top-1 {_leak_alarm(asked, named, opened <= cut.until, seed):.3f}.",
        ),
    )


def ask(book: CaseBook, to: float) -> Asked:
    """The candidates of every case at the instant it was opened."""
    history = TeamHistory()
    cases: list[int] = []
    teams: list[tuple[str, ...]] = []
    rows: list[list[float]] = []
    right: list[float] = []
    for number, has_ended in walk(book.cases, book.endings, known_to=to):
        case, ending = book.cases[number], book.endings[number]
        if has_ended:
            assert ending is not None
            if ending.group is not None:
                history.learn(case, ending.group, ending.known)
        elif case.opened <= to:
            found = history.ask(case)
            cases.append(number)
            teams.append(found.teams)
            rows += found.rows
            right += [float(ending is not None and team == ending.group) for team in found.teams]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in teams])]).astype(np.int64)
    return Asked(
        cases=np.array(cases, dtype=np.int64),
        teams=tuple(teams),
        rows=np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES)),
        right=np.array(right),
        starts=starts,
    )


def _bundle(asked: Asked, learnt: npt.NDArray[np.bool_], opened: Floats, cut: Cut, seed: int) -> Bundle:
    """Trees on all that may be learnt from, calibrated on the newest of it by trees that have not seen that."""
    newest = learnt & (opened >= np.quantile(opened[learnt], 1 - CALIBRATED_SHARE))
    earlier, later = asked.of(learnt & ~newest), asked.of(newest)
    first = _fit(asked.rows[earlier], asked.right[earlier], seed)
    calibration = fit_beta(first.predict(asked.rows[later]), asked.right[later])
    rows = asked.of(learnt)
    watched = reference(asked.rows[later], FEATURES, calibration.apply(first.predict(asked.rows[later])))
    return make_bundle(
        NAME,
        features=FEATURES,
        boosters={"team": _fit(asked.rows[rows], asked.right[rows], seed).model_to_string()},
        content={"calibration": calibration.to_json(), REFERENCE: watched},
        card={"trained_until": cut.trained_until.isoformat(), "cases": int(learnt.sum())},
    )


def _fit(rows: Floats, right: Floats, seed: int, rounds: int = ROUNDS) -> Any:
    import lightgbm

    return lightgbm.train(PARAMETERS | {"seed": seed}, lightgbm.Dataset(rows, right), rounds)


def _judged(asked: Asked, judged: npt.NDArray[np.bool_], truth: Sequence[str], bundle: Bundle) -> Judged:
    ranked = _ranked(asked, judged, bundle)
    first, right = _first(asked, judged, truth, bundle)
    return _judgement(ranked, truth, {"ece": ece(right, first)})


def _ranked(asked: Asked, judged: npt.NDArray[np.bool_], bundle: Bundle) -> list[list[str]]:
    scores = _scores(asked, judged, bundle)
    return [
        [asked.teams[at][place] for place in np.argsort(-score, kind="stable")]
        for at, score in zip(np.flatnonzero(judged), scores, strict=True)
    ]


def _first(asked: Asked, judged: npt.NDArray[np.bool_], truth: Sequence[str], bundle: Bundle) -> tuple[Floats, Floats]:
    """The probability of the team named first, and whether it was right."""
    first = np.array([score.max() for score in _scores(asked, judged, bundle)])
    ranked = _ranked(asked, judged, bundle)
    return first, np.array([float(teams[0] == right) for teams, right in zip(ranked, truth, strict=True)])


def _scores(asked: Asked, judged: npt.NDArray[np.bool_], bundle: Bundle) -> list[Floats]:
    rows = asked.of(judged)
    if not rows.any():
        return []
    scores = TeamRanker(bundle).probabilities(asked.rows[rows])
    return np.split(scores, np.cumsum(np.diff(asked.starts)[judged])[:-1])


def _rules_of_today(
    past: Sequence[tuple[Case, str]], judged: Sequence[Case], truth: Sequence[str]
) -> dict[str, Judged]:
    """Keeping the team a case arrived at, and the team that most often resolved its subcategory and symptom."""
    overall = Counter(team for _, team in past)
    usual = [team for team, _ in overall.most_common(3)]
    by_place: dict[str, Counter[str]] = defaultdict(Counter)
    by_look: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for case, team in past:
        by_place[case.initial_group][team] += 1
        by_look[_look(case)][team] += 1

    def best(counts: Counter[str], first: Sequence[str] = ()) -> list[str]:
        return list(dict.fromkeys([*first, *(team for team, _ in counts.most_common(4)), *usual]))

    arrived = [best(by_place.get(case.initial_group, Counter()), [case.initial_group]) for case in judged]
    looked = [best(by_look.get(_look(case), Counter())) for case in judged]
    return {INITIAL: _judgement(arrived, truth, {}), LOOK_UP: _judgement(looked, truth, {})}


def _look(case: Case) -> tuple[str, ...]:
    return tuple(case.says[ATTRIBUTES.index(name)] for name in ("x_subcategory", "x_symptom"))


def _judgement(ranked: Sequence[Sequence[str]], truth: Sequence[str], more: dict[str, float]) -> Judged:
    """A case that goes to a wrong team first costs one hand-over."""
    wrong = [float(not said or said[0] != right) for said, right in zip(ranked, truth, strict=True)]
    metrics = {"top1": top_k(truth, ranked, 1), "top3": top_k(truth, ranked, 3)} | more
    return Judged(metrics=metrics, costs=np.array(wrong))


def _leak_alarm(asked: Asked, named: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_], seed: int) -> float:
    """Top-1 on a random quarter of the time learnt from: much better than on later cases, something has leaked."""
    drawn = np.random.default_rng(seed).random(len(named)) < 1 / 4
    here = named & known
    rows, others = asked.of(here & ~drawn), here & drawn
    trees = _fit(asked.rows[rows], asked.right[rows], seed, rounds=ROUNDS // 2)
    scores, right = trees.predict(asked.rows[asked.of(others)]), asked.right[asked.of(others)]
    edges = np.cumsum(np.diff(asked.starts)[others])[:-1]
    parts = zip(np.split(scores, edges), np.split(right, edges), strict=True)
    hits = [found[np.argmax(score)] for score, found in parts if len(score)]
    return float(np.mean(hits)) if hits else float("nan")


def _group(ending: Ending | None) -> str:
    return ending.group or "" if ending is not None else ""
