"""What the house's model of late orders says of orders, from the feeds as they are loaded: load once, ask for all.

A model that does not fit the feeds says nothing, and why is told; rules decide as without one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from core.errors import UnavailableError
from ingest.feed_frames import Frames, typed_rows
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
class Consulted:
    """A model that was asked, with what it looked at: for asking again what would be if an order went another way.

    Attributes:
        rows: by order number, the orders as it looked at them.
    """

    model: "LateModel"
    state: "State"
    history: "History"
    rows: Mapping[str, Mapping[str, Any]]


@dataclass(slots=True, kw_only=True)
class LatePredictor:
    """Asks a model about orders as of an instant; `problem` says why it said nothing, `consulted` what it looked at.

    Attributes:
        frames: the feeds sales_orders, sales_order_lines, shipments and stock_levels.
        shown_from: of many orders only those at least so likely late get reasons, which cost more than the score.
        given: numbers of orders that are asked about as they are given, not as the feeds have them.
    """

    bundle: Bundle
    frames: Frames
    as_of: datetime
    given: frozenset[str] = frozenset()
    shown_from: float = 0.0
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
        from models.late.predict import LateModel

        model = LateModel(self.bundle)
        history = history_of(self.frames.frame)
        state = model.state(history, self.as_of.astimezone(UTC).timestamp() / _DAY_SECONDS)
        given = _given_rows(history.orders, [one for one in facts if self._is_given(one)])
        told = model.predict(given, state)
        known = _known_rows(history.orders, [one for one in facts if not self._is_given(one)])
        scores = model.score(known, state)
        is_shown = scores >= (0.0 if len(facts) <= _FEW else self.shown_from)
        shown = known.filter(is_shown).to_dicts()
        told += model.predict(shown, state)
        rows = {row["order_id"]: row for row in (*given, *shown)}
        self.consulted = Consulted(model=model, state=state, history=history, rows=rows)
        told += tuple(
            Prediction(subject=f"sales_order:{number}", probability=score, model=model.version)
            for number, score in zip(known["order_id"].to_list(), scores.tolist(), strict=True)
        )
        first = {one.subject: one for one in reversed(told)}  # those with reasons stand before those without
        looked_at = model.looked_at([*given, *_watched(known)], state)
        return {
            one.order.order_id: replace(first[one.key], features=looked_at.get(one.order.order_id))
            for one in facts
            if one.key in first
        }

    def _is_given(self, facts: OrderFacts) -> bool:
        return facts.order.order_id in self.given


def _known_rows(known: "pl.DataFrame", facts: Sequence[OrderFacts]) -> "pl.DataFrame":
    """The rows of orders of the feeds."""
    import polars as pl

    return known.filter(pl.col("order_id").is_in([one.order.order_id for one in facts]))


def _watched(known: "pl.DataFrame") -> list[dict[str, Any]]:
    """The orders whose drift is watched: all of few, else those a hash picks, which no score does."""
    import polars as pl

    numbers = sorted(known["order_id"].to_list(), key=lambda number: sha256(str(number).encode()).digest())
    return known.filter(pl.col("order_id").is_in(numbers[:_WATCHED])).to_dicts()


def _given_rows(known: "pl.DataFrame", facts: Sequence[OrderFacts]) -> list[dict[str, Any]]:
    """The rows of orders that were given with their facts; the house's own columns are empty."""
    from models.late.orders import order_rows

    if not facts:
        return []
    headers = typed_rows("sales_orders", [_record(one.order) for one in facts])
    lines = typed_rows("sales_order_lines", [_record(line) for one in facts for line in one.lines])
    own: dict[str, Any] = {name: None for name in known.columns if name.startswith("x_")}
    return [own | row for row in order_rows(headers, lines).to_dicts()]


def _record(record: Any) -> dict[str, Any]:
    values = {one.name: getattr(record, one.name) for one in fields(record)}
    return {name: value.astimezone(UTC) if isinstance(value, datetime) else value for name, value in values.items()}
