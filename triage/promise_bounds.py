"""How sure a count of errors makes us: Clopper–Pearson bounds, and how many labels a tolerated rate asks for.

Pure numbers; nothing here knows what was counted.
"""

import math

from scipy.special import betaincinv, gammaincc

_MOST_LABELS = 10_000_000


def upper_bound(errors: float, count: float, level: float) -> float:
    """The largest error rate that `errors` among `count` do not speak against, one-sided at `level`.

    Clopper & Pearson (1934), by the beta quantile, which also takes weighted counts that are not whole. It holds for
    errors of unequal chances too (Hoeffding 1956), as long as they come independently.
    """
    if count <= 0 or errors >= count:
        return 1.0
    return float(betaincinv(errors + 1, count - errors, level))


def errors_allowed(count: float, tolerated: float, level: float) -> int:
    """The most errors among `count` with which the upper bound still meets the tolerated rate; -1 when none does."""
    if upper_bound(0, count, level) > tolerated:
        return -1
    low, high = 0, max(1, math.ceil(count * tolerated) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if upper_bound(middle, count, level) <= tolerated else (low, middle)
    return low


def chance_to_show(count: float, rate: float, tolerated: float, level: float) -> float:
    """The chance that `count` labels show the tolerated rate to be kept, when the true rate is `rate` (Poisson)."""
    allowed = errors_allowed(count, tolerated, level)
    return 0.0 if allowed < 0 else float(gammaincc(allowed + 1, max(count * rate, 1e-12)))


def fewest_without_error(tolerated: float, level: float) -> int:
    """How many labels without a single error it takes to show a tolerated rate: 598 for 0.5 % at 95 %."""
    if not 0 < tolerated < 1:
        return _MOST_LABELS
    return math.ceil(math.log(1 - level) / math.log1p(-tolerated))
