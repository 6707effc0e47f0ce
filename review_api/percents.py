"""Writes a confidence as people read it."""


def percent(confidence: float) -> int:
    """A confidence as a whole number; only what is certain is 100."""
    return 100 if confidence >= 1 else min(99, round(confidence * 100))
