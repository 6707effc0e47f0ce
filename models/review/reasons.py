"""Says why a bill will probably be changed or disputed, in an AP clerk's words, from what each feature added."""

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from models.prediction import Reason
from models.review.features import FEATURES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REASONS: Final = 3
Row = Mapping[str, float]


def reasons_of(contributions: "NDArray[np.float64]", row: "NDArray[np.float64]") -> tuple[Reason, ...]:
    """What raised the probability most, the strongest first, each thing said once.

    Args:
        contributions: what each feature added, and in the last place what all start from.
        row: the bill's features.
    """
    values = dict(zip(FEATURES, map(float, row), strict=True))
    said: dict[str, Reason] = {}
    for at in sorted(range(len(FEATURES)), key=lambda place: -float(contributions[place])):
        weight = float(contributions[at])
        if weight <= 0 or len(said) == REASONS:
            break
        words = _words(FEATURES[at], values)
        if words is not None:
            said.setdefault(words, Reason(feature=FEATURES[at], words=words, weight=weight))
    return tuple(said.values())


def _words(feature: str, row: Row) -> str | None:
    value = row[feature]
    if math.isnan(value):
        return _MISSING.get(feature)
    say = _SAID.get(feature)
    return None if say is None else say(value, row)


def _disputed(value: float, row: Row) -> str:
    if row["settled_known"] < 1:
        return f"little is known of this supplier; of all suppliers' invoices {value:.0%} are changed or disputed"
    return f"{value:.0%} of this supplier's settled invoices were changed or disputed, the latest counting most"


def _usual(_: float, row: Row) -> str | None:
    times = math.exp(row["amount_over_usual"])
    if math.isnan(times):
        return None
    return (
        f"the amount is {times:.1f} times what this supplier usually bills"
        if times >= 1
        else f"the amount is only {times:.0%} of what this supplier usually bills"
    )


def _over_order(value: float, _: Row) -> str:
    return f"the total with VAT is {math.exp(value):.2f} times the net value of its order"


def _terms(_: float, row: Row) -> str:
    if math.isnan(row["terms_over_agreed"]) or not row["terms_over_agreed"]:
        return f"it is due {row['terms_days']:.0f} days after its date"
    agreed = row["terms_days"] - row["terms_over_agreed"]
    return f"it is due {row['terms_days']:.0f} days after its date; {agreed:.0f} are agreed"


_SAID: Final[Mapping[str, Callable[[float, Row], str | None]]] = {
    "disputed_long": _disputed,
    "disputed_lately": _disputed,
    "settled_known": lambda value, _: "few invoices of this supplier have been settled" if value < 5 else None,
    "waiting": lambda value, _: f"{value:.0f} other invoices of this supplier are not settled yet",
    "days_since_disputed": lambda value, _: (
        f"an invoice of this supplier was changed or disputed {value:.0f} days ago" if value < 365 else None
    ),
    "bills_this_month": lambda value, _: f"{value:.0f} invoices of this supplier came in the last 30 days",
    "days_since_bill": lambda value, _: (
        f"the last invoice of this supplier came {value:.0f} days ago"
        if value < 3650
        else "the supplier's first invoice"
    ),
    "amount": lambda value, _: f"the amount is {math.expm1(value):,.2f}",
    "amount_over_usual": _usual,
    "amount_unusual": _usual,
    "amount_again": lambda value, _: "the same amount was billed within 60 days before" if value else None,
    "amount_round": lambda value, _: "the amount is a round sum" if value else None,
    "terms_days": _terms,
    "terms_over_agreed": _terms,
    "has_order": lambda value, _: "it names an order" if value else "it names no order",
    "days_since_order": lambda value, _: f"it comes {value:.0f} days after its order",
    "amount_over_order": _over_order,
    "bills_on_order": lambda value, _: f"{value:.0f} invoices on the same order came before",
    "has_receipt": lambda value, _: "goods have been received on its order" if value else "no goods receipt is known",
    "days_since_receipt": lambda value, _: f"it comes {value:.0f} days after the goods",
    "least_confidence": lambda value, _: f"its least sure value was read with a confidence of {value:.0%}",
    "mean_confidence": lambda value, _: f"its values were read with a confidence of {value:.0%} on average",
    "findings_held": lambda value, _: f"controls found {value:.0f} things to look at" if value else None,
    "at_risk_share": lambda value, _: f"controls name {value:.0%} of the amount as at risk" if value else None,
}
_MISSING: Final[Mapping[str, str]] = {
    "days_since_order": "no order of it is known",
    "amount_over_order": "the value of its order is not known",
    "bills_on_order": "it names no order",
    "amount_over_usual": "nothing is known of what this supplier usually bills",
    "days_since_receipt": "no goods receipt is known",
}
