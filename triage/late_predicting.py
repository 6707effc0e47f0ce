"""What the house's model of late orders says of orders, from the feeds as they are loaded: load once, ask for all.

A model that does not fit the feeds says nothing, and why is told; rules decide as without one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from core.errors import UnavailableError
from ingest.feed_frames import Frames
from models.bundle import Bundle
from models.prediction import Prediction
from triage.order_facts import OrderFacts

if TYPE_CHECKING:
    import polars as pl

    from models.late.orders import History
    from models.late.predict import LateModel
    from models.late.state import State

_DAY_SECONDS = 86_400
_FEW = 100
_WATCHED = 200
"""Of how many orders of a run it is kept what the model looked at: the same ones, whenever they are asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateView:
    """A model with all it knows at an instant, from which any number of orders can be asked about."""

    model: "LateModel"
    state: "State"
    history: "History"

    @classmethod
    def at(cls, bundle: Bundle, history: "History", as_of: datetime) -> "LateView":
        """What the model of a bundle knows at an instant.

        Raises:
            UnavailableError: `MODEL-COLUMNS` where it does not fit the feeds.
        """
        from models.late.predict import LateModel

        model = LateModel(bundle)
        return cls(
            model=model, state=model.state(history, as_of.astimezone(UTC).timestamp() / _DAY_SECONDS), history=history
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """A model that was asked, with what it looked at: for asking again what would be if an order went another way.

    Attributes:
        rows: by order number, the orders as it looked at them.
    """

    view: LateView
    rows: Mapping[str, Mapping[str, Any]]


@dataclass(slots=True, kw_only=True)
class LatePredictor:
    """Asks a model about orders as of an instant; `problem` says why it said nothing, `consulted` what it looked at.

    Attributes:
        frames: the feeds sales_orders, sales_order_lines, shipments and stock_levels.
        shown_from: orders at least so likely late get reasons, which cost more than the score.
        explains: whether all get reasons; among many orders of the feeds only those `shown_from` on do nevertheless.
        given: numbers of orders that are asked about as they are given, not as the feeds have them.
    """

    bundle: Bundle
    frames: Frames
    as_of: datetime
    given: frozenset[str] = frozenset()
    shown_from: float = 0.0
    explains: bool = True
    problem: UnavailableError | None = field(default=None, init=False)
    consulted: Consulted | None = field(default=None, init=False)

    def __call__(self, facts: Sequence[OrderFacts]) -> Mapping[str, Prediction]:
        """What the model says of each order, by its number; nothing where it does not fit the feeds."""
        if not facts:
            return {}
        try:
            return self._ask(facts)
        except UnavailableError as error:
            self.problem = error
            return {}

    def _ask(self, facts: Sequence[OrderFacts]) -> Mapping[str, Prediction]:
        from models.late.orders import history_of

        view = LateView.at(self.bundle, history_of(self.frames.frame), self.as_of)
        given = [one for one in facts if one.order.order_id in self.given]
        rows, told = ask_given(view, given, explained_from=0.0 if self.explains else self.shown_from)
        known = _known_rows(view.history.orders, [one for one in facts if one.order.order_id not in self.given])
        scores = view.model.score(known, view.state)
        explains_all = self.explains and len(facts) <= _FEW
        shown = known.filter(scores >= (0.0 if explains_all else self.shown_from)).to_dicts()
        told += view.model.predict(shown, view.state)
        self.consulted = Consulted(view=view, rows=rows | {row["order_id"]: row for row in shown})
        told += tuple(
            Prediction(subject=f"sales_order:{number}", probability=score, model=view.model.version)
            for number, score in zip(known["order_id"].to_list(), scores.tolist(), strict=True)
        )
        first = {one.subject: one for one in reversed(told)}  # those with reasons stand before those without
        looked_at = view.model.looked_at([*rows.values(), *_watched(known)], view.state)
        return {
            one.order.order_id: replace(first[one.key], features=looked_at.get(one.order.order_id))
            for one in facts
            if one.key in first
        }


def ask_given(
    view: LateView, facts: Sequence[OrderFacts], *, explained_from: float
) -> tuple[dict[str, dict[str, Any]], tuple[Prediction, ...]]:
    """Rows and predictions of orders that are given with their facts; the house's own columns are empty."""
    from models.late.given import given_row

    own: dict[str, Any] = dict.fromkeys(name for name in view.history.orders.columns if name.startswith("x_"))
    rows = [own | given_row(one.order, one.lines) for one in facts]
    told = view.model.predict(rows, view.state, explained_from=explained_from)
    return {row["order_id"]: row for row in rows}, told


def _known_rows(known: "pl.DataFrame", facts: Sequence[OrderFacts]) -> "pl.DataFrame":
    """The rows of orders of the feeds."""
    import polars as pl

    return known.filter(pl.col("order_id").is_in([one.order.order_id for one in facts]))


def _watched(known: "pl.DataFrame") -> list[dict[str, Any]]:
    """The orders whose drift is watched: all of few, else those a hash picks, which no score does."""
    import polars as pl

    numbers = sorted(known["order_id"].to_list(), key=lambda number: sha256(str(number).encode()).digest())
    return known.filter(pl.col("order_id").is_in(numbers[:_WATCHED])).to_dicts()
