"""Chooses the two parties of a paper together: they are not one company, and one block of lines is one party's."""

from collections.abc import Sequence
from itertools import product

from extraction.candidates import Candidate
from extraction.decode_totals import ABSENT
from extraction.scorer import Scored
from extraction.values import squeeze

PAIRS = (("seller_name", "buyer_name"), ("shipper_name", "consignee_name"))
_MOST_OPTIONS = 6
_LEAST_WORTH = -8.0
_ONE_COMPANY, _ONE_BLOCK = -12.0, -1.5
_LEAST_SHARE = 0.6
_NEXT_LINE, _SAME_SIZE = 1.0, 0.15


def choose_pair(first: Sequence[Scored], second: Sequence[Scored]) -> tuple[Scored | None, Scored | None]:
    """The likeliest two of both rankings that may stand together; None for a party that is likelier not there."""
    pairs = product(_options(first), _options(second))
    return max(pairs, key=lambda pair: _worth(pair[0]) + _worth(pair[1]) + _fit(*pair))


def _options(ranking: Sequence[Scored]) -> list[Scored | None]:
    """The best few different names, and none."""
    seen: dict[str, Scored] = {}
    for scored in ranking:
        seen.setdefault(squeeze(scored.candidate.value), scored)
        if len(seen) >= _MOST_OPTIONS:
            break
    return [*seen.values(), None]


def _worth(scored: Scored | None) -> float:
    return ABSENT if scored is None else max(scored.log_odds, _LEAST_WORTH)


def _fit(first: Scored | None, second: Scored | None) -> float:
    if first is None or second is None:
        return 0.0
    a, b = first.candidate, second.candidate
    if _is_one_name(a, b):
        return _ONE_COMPANY
    return _ONE_BLOCK if _is_one_block(a, b) else 0.0


def _is_one_name(a: Candidate, b: Candidate) -> bool:
    """Whether two candidates share words on the page, or one name is most of the other."""
    if a.start < b.end and b.start < a.end:
        return True
    shorter, longer = sorted((squeeze(a.value), squeeze(b.value)), key=len)
    return shorter in longer and len(shorter) >= _LEAST_SHARE * len(longer)


def _is_one_block(a: Candidate, b: Candidate) -> bool:
    """Whether one stands right under the other in letters of one size; a sender's line over a window is smaller."""
    upper, lower = sorted((a.box, b.box), key=lambda box: box.top)
    sizes = sorted((upper.bottom - upper.top, lower.bottom - lower.top))
    return (
        a.page == b.page
        and abs(upper.x0 - lower.x0) <= sizes[0]
        and lower.top - upper.bottom <= _NEXT_LINE * sizes[0]
        and sizes[1] <= (1 + _SAME_SIZE) * sizes[0]
    )
