"""Works out what to do about an order a model called late: other ways, asked about again, and a day to tell customers.

One advisor serves one run of scoring, after its predictor was asked.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from models.prediction import Prediction
from triage.alternatives import Alternative, alternatives
from triage.availability import Availability
from triage.late_advice import advised_from, late_advice, split_risk
from triage.late_predicting import LatePredictor, LateView
from triage.order_facts import OrderFacts
from triage.policy import Policy

if TYPE_CHECKING:
    from models.late.delays import Delays, NewDate

_MOST_SERVICES = 8


class LateAdvisor:
    """Says what to do about orders its predictor was asked about."""

    def __init__(self, predictor: LatePredictor, policy: Policy) -> None:
        self._predictor, self._policy = predictor, policy
        self._ways: LateWays | None = None

    def __call__(self, facts: OrderFacts, available: Availability, said: Prediction) -> Mapping[str, Any] | None:
        """Recommendations, alternatives and a new date; None where there is nothing to do."""
        consulted = self._predictor.consulted
        row = None if consulted is None else consulted.rows.get(facts.order.order_id)
        if consulted is None or row is None:
            return None
        if self._ways is None:
            self._ways = LateWays(consulted.view, self._policy)
        return self._ways.advice(row, facts, available, said)


class LateWays:
    """Works out what to do about late orders from what a model knows at an instant; remembers what it looked up."""

    def __init__(self, view: LateView, policy: Policy) -> None:
        self._view, self._policy = view, policy
        self._delays: Delays | None = None
        self._services: dict[str | None, tuple[str, ...]] = {}

    def advice(
        self, row: Mapping[str, Any], facts: OrderFacts, available: Availability, said: Prediction
    ) -> Mapping[str, Any] | None:
        """Recommendations, alternatives and a new date of an order; None where there is nothing to do.

        Args:
            row: the order as the model looked at it.
        """
        rules, view = self._policy.predictions.late, self._view
        if not advised_from(rules) <= said.probability <= 1:
            return None
        planned, ways = alternatives(facts, self._policy.orders, services=self._services_to(row["country"]))

        def chance(way: Alternative) -> float:
            parts = [dict(row) | _change(way, at, planned) for at in way.places]
            return split_risk([view.model.score_one(one, view.state) for one in parts])

        return late_advice(said.probability, ways, chance, rules, new_date=self._new_date(row))

    def _new_date(self, row: Mapping[str, Any]) -> "NewDate | None":
        if self._delays is None:
            from models.late.delays import Delays

            self._delays = Delays(self._view.history, self._view.state.now)
        return self._delays.new_date(row)

    def _services_to(self, country: str | None) -> tuple[str, ...]:
        """Services that orders to the country went by, the most used first."""
        if country not in self._services:
            import polars as pl

            there = self._view.history.orders.filter(pl.col("country").eq_missing(pl.lit(country, dtype=pl.String)))
            counts = there["service"].drop_nulls().value_counts().sort(["count", "service"], descending=[True, False])
            self._services[country] = tuple(counts["service"].head(_MOST_SERVICES).to_list())
        return self._services[country]


def _change(way: Alternative, at: str, planned: str | None) -> dict[str, Any]:
    """What of an order is different when it goes this way from one of its places."""
    is_elsewhere = at != planned or len(way.places) > 1
    return {"service": way.service} | ({"place": at} if is_elsewhere else {})
