"""How sure a share is: the two-sided interval of Clopper and Pearson (1934), by the beta quantile. Pure numbers."""

from triage.promise_bounds import upper_bound

LEVEL = 0.95


def interval(hits: int, count: int, level: float = LEVEL) -> tuple[float, float] | None:
    """The rates that `hits` among `count` do not speak against, each end one-sided at half of what is left.

    None where nothing was counted: then nothing is known.
    """
    if count <= 0:
        return None
    side = 1 - (1 - level) / 2
    # The rate of misses is the other way round, so that one bound gives both.
    return 1 - upper_bound(count - hits, count, side), upper_bound(hits, count, side)
