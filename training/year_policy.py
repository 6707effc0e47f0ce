"""The policy of the generated retailer: the built-in one, thresholds typed in, and agreements on carriage and such."""

from collections.abc import Iterable

from core.erp import Item
from training.year_traders import FREIGHT, MONTHS
from triage.policies import typed_text

_LIMIT = "touchless = 50000\n"
_LIMITS = "touchless = { SEK = 500000, DKK = 500000, CZK = 500000, other = 50000 }\n"


def policy_text(items: Iterable[Item]) -> str:
    """The policy as a file: nobody receives carriage or a month of a service."""
    unreceived = sorted(item.item_id for item in items if item.item_id == FREIGHT or item.unit == MONTHS)
    overrides = (f'\n[[overrides]]\nitem_id = "{item_id}"\nreceipt_required = false\n' for item_id in unreceived)
    built_in = typed_text()
    assert _LIMIT in built_in
    return built_in.replace(_LIMIT, _LIMITS) + "".join(overrides)
