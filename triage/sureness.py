"""Decides whether a confidence is enough to rely on a value."""

from decimal import Decimal
from math import isnan


def is_below(confidence: float | None, threshold: Decimal) -> bool:
    """Whether a confidence is under its threshold. None, or no number at all, is under every threshold but 0."""
    if confidence is None or isnan(confidence):
        return threshold > 0
    return Decimal(str(confidence)) < threshold
