"""Turns a bill and what is known of its supplier's earlier ones into features of whether a person will change it.

The same builder serves training and serving, and needs one supplier's history only: `SupplierRecord` is shown that
supplier's bills and endings in the order they became known (`models.review.bills.walk`) and asked when a bill comes.
"""

import math
from collections import deque
from datetime import date, timedelta
from typing import Final

from models.review.bills import Bill

PRIOR: Final = 5.0
"""Bills at the house's rate that a supplier's rate starts from."""
LATELY_DAYS: Final = 60.0
LONG_DAYS: Final = 365.0
"""After these many days a bill counts half, in the short and in the long memory."""
AGAIN_DAYS: Final = 60
MONTH_DAYS: Final = 30
_LEAST_SPREAD: Final = 0.15
_DECAYS: Final = (math.log(2) / LATELY_DAYS, math.log(2) / LONG_DAYS)
_NEVER_DAYS: Final = 3650.0
_EPOCH: Final = date(1970, 1, 1)

FEATURES: Final = (
    "disputed_long",
    "disputed_lately",
    "settled_known",
    "waiting",
    "days_since_disputed",
    "bills_this_month",
    "days_since_bill",
    "amount",
    "amount_over_usual",
    "amount_unusual",
    "amount_again",
    "amount_round",
    "terms_days",
    "terms_over_agreed",
    "has_order",
    "days_since_order",
    "amount_over_order",
    "bills_on_order",
    "has_receipt",
    "days_since_receipt",
    "weekday",
    "day_of_month",
    "least_confidence",
    "mean_confidence",
    "findings_held",
    "at_risk_share",
)
"""Columns of a bill's row, in the order the trees know them."""


class SupplierRecord:
    """What is known by now of one supplier's bills.

    Args:
        base: the share of all bills that are changed or disputed, as training found it.
    """

    def __init__(self, base: float) -> None:
        self._base = base
        self._day = 0.0
        self._settled = [0.0, 0.0]
        self._disputed = [0.0, 0.0]
        self._count, self._seen = 0, 0
        self._last_disputed, self._last_came = -math.inf, -math.inf
        self._logs: dict[str, list[float]] = {}
        self._recent: deque[tuple[float, float]] = deque()
        self._on_order: dict[str, int] = {}

    def learn(self, *, disputed: bool, day: float) -> None:
        """Takes in that a bill was settled on this day, and whether it was disputed or changed."""
        self._forget(day)
        self._count += 1
        for memory in (0, 1):
            self._settled[memory] += 1.0
            self._disputed[memory] += float(disputed)
        if disputed:
            self._last_disputed = max(self._last_disputed, day)

    def came(self, bill: Bill) -> None:
        """Takes in that a bill came: its amount and order count for those after it."""
        self._seen += 1
        self._last_came = bill.came
        self._recent.append((bill.came, bill.amount))
        sums = self._logs.setdefault(bill.currency, [0.0, 0.0, 0.0])
        log = math.log1p(bill.amount)
        for place, value in enumerate((1.0, log, log * log)):
            sums[place] += value
        if bill.po_number:
            self._on_order[bill.po_number] = self._on_order.get(bill.po_number, 0) + 1

    def ask(self, bill: Bill) -> list[float]:
        """The features of a bill that comes now."""
        self._forget(bill.came)
        while self._recent and self._recent[0][0] < bill.came - AGAIN_DAYS:
            self._recent.popleft()
        usual, spread = self._usual(bill.currency)
        log, order = math.log1p(bill.amount), bill.po_number
        day = math.floor(bill.came)
        return [
            self._rate(1),
            self._rate(0),
            self._settled[1],
            float(self._seen - self._count),
            min(bill.came - self._last_disputed, _NEVER_DAYS),
            float(sum(came >= bill.came - MONTH_DAYS for came, _ in self._recent)),
            min(bill.came - self._last_came, _NEVER_DAYS),
            log,
            log - usual,
            (log - usual) / spread,
            float(any(abs(amount - bill.amount) < 0.005 for _, amount in self._recent)),
            float(bill.amount >= 100 and math.fmod(round(bill.amount * 100), 10_000) == 0),
            bill.terms_days,
            bill.terms_days - bill.agreed_days,
            float(bool(order)),
            bill.came - bill.ordered,
            log - math.log1p(bill.ordered_amount),
            float(self._on_order.get(order, 0)) if order else math.nan,
            float(not math.isnan(bill.received)),
            bill.came - bill.received,
            float((day + 3) % 7),
            float((_EPOCH + timedelta(days=day)).day),
            bill.least_confidence,
            bill.mean_confidence,
            bill.held,
            bill.at_risk_share,
        ]

    def _rate(self, memory: int) -> float:
        return (self._disputed[memory] + PRIOR * self._base) / (self._settled[memory] + PRIOR)

    def _forget(self, day: float) -> None:
        """Lets what is known count for less by the days that have gone since it was last touched."""
        gone = max(0.0, day - self._day)
        self._day = max(self._day, day)
        for memory, decay in enumerate(_DECAYS):
            factor = math.exp(-decay * gone)
            self._settled[memory] *= factor
            self._disputed[memory] *= factor

    def _usual(self, currency: str) -> tuple[float, float]:
        """Mean and spread of the logarithm of the supplier's amounts in a currency; `nan` where there is none."""
        count, total, squares = self._logs.get(currency, (0.0, 0.0, 0.0))
        if not count:
            return math.nan, math.nan
        mean = total / count
        return mean, math.sqrt(max(squares / count - mean * mean, 0.0)) + _LEAST_SPREAD
