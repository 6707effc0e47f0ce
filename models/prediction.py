"""What a model says of one subject: a probability, why, and which model said so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that moved a prediction.

    Attributes:
        feature: the feature's name.
        words: the reason as a planner or clerk would say it (`carrier DHL was late in 31 % of its last 40 orders`).
        weight: what it added to the log-odds, or to the number predicted; above 0 raises it.
    """

    feature: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A calibrated probability with its reasons, the strongest first.

    Attributes:
        subject: as decisions name it (`sales_order:O17`, `document:…`).
        model: the version of the bundle that said so.
        features: what it looked at, in the bundle's order, None for a missing value; kept only to watch drift, and no
            part of what a decision is made from.
    """

    subject: str
    probability: float
    model: str
    reasons: tuple[Reason, ...] = ()
    features: tuple[float | None, ...] | None = None
