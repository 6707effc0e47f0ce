"""Looks up invoices that may be billed again by any two of supplier, number and gross total, for many papers at once.

No supplier's ledger is read as a whole. Of very common values (one number or one amount of a supplier hundreds of
times) the `NEAREST` before and after the paper's date are found, and no more: nearest in date first.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table

from core.database import ReadSession
from core.nearest import Ask, Search, find_nearest

NEAREST = 100
"""Invoices looked at before a day, and after it, that share two of supplier, number and amount with a paper."""


class InvoiceKeys(NamedTuple):
    """What earlier invoices of one paper are found by.

    Attributes:
        supplier_ids: the paper's supplier and other master records of the same company.
        number_key: see `core.keys`; empty when the paper has no number.
        gross_key: its total as debt; empty when it has none.
        reversal_key: the total that would reverse an invoice like it; empty when none would.
        start: the day (or the row) to begin from, as ISO text.
    """

    supplier_ids: tuple[str, ...]
    number_key: str
    gross_key: str
    reversal_key: str
    start: str


class BilledIn(NamedTuple):
    """A table of invoices with the columns `supplier_id`, `number_key` and `gross_key`, and how near is meant in it."""

    table: Table
    key: str
    columns: tuple[str, ...]
    along: str
    both_ways: bool
    only: str | None = None


def find_billed(session: ReadSession, where: BilledIn, wanted: Sequence[InvoiceKeys]) -> list[list[Sequence[Any]]]:
    """For each of the wanted: rows of `columns` that share two of three keys with it, each once, in no order."""
    by_number, by_gross, anywhere = [], [], []
    for asker, keys in enumerate(wanted):
        for supplier_id in keys.supplier_ids:
            if keys.number_key:
                by_number.append(Ask(asker, supplier_id, keys.number_key, keys.start))
            by_gross += [
                Ask(asker, supplier_id, gross, keys.start) for gross in (keys.gross_key, keys.reversal_key) if gross
            ]
        if keys.number_key and keys.gross_key:
            anywhere.append(Ask(asker, keys.number_key, keys.gross_key, keys.start))
    searches = [_search(where, one, other) for one, other in _KEYS]
    found: list[dict[str, Sequence[Any]]] = [{} for _ in wanted]
    for asker, row in find_nearest(session, searches, (by_number, by_gross, anywhere)):
        found[asker][row[0]] = row
    return [list(rows.values()) for rows in found]


_KEYS = (("supplier_id", "number_key"), ("supplier_id", "gross_key"), ("number_key", "gross_key"))


def _search(where: BilledIn, one: str, other: str) -> Search:
    return Search(
        table=where.table,
        columns=(where.key, *where.columns),
        one=one,
        other=other,
        along=where.along,
        both_ways=where.both_ways,
        only=where.only,
        limit=NEAREST,
    )
