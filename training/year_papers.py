"""What a correct reading of a bill of the year gives: an extraction, with the identifiers its supplier's bills show."""

from collections.abc import Mapping
from hashlib import sha256

from core.documents import DocumentType, Extraction, Field, Row, Source
from core.money import exact_sum, plain
from training.labels import header_values, line_values, tax_values
from training.papers import Line
from training.year_books import Bill

_IDENTIFIERS = ("seller_item_id", "buyer_item_id", "gtin", "purchase_order_line")
_SURENESS = {Source.TEXT_LAYER: 0.98, Source.OCR: 0.93}
_CODES = {"CT": "CT", "MON": "MON"}
_PRINTED = frozenset({Source.TEXT_LAYER, Source.OCR})


def extraction_of(bill: Bill, seed: int) -> Extraction:
    """The paper as it was read; fields the bill calls unsure are less sure, or missing."""
    source, paper = bill.trader.source, bill.paper
    unsure = dict(bill.unsure)
    header = header_values(paper)
    adjustments = exact_sum(adjustment.amount for adjustment in paper.extras.adjustments)
    if adjustments:
        header["total_charges"] = plain(adjustments)
    lines = tuple(
        _row(_shown(line, bill), source, unsure, prefix=f"lines.{place}.")
        for place, line in enumerate(paper.lines, start=1)
    )
    return Extraction(
        sha256=sha256(f"{seed} {bill.key}".encode()).hexdigest(),
        document_type=paper.document_type,
        type_confidence=unsure.get("document_type", _SURENESS.get(source, 1.0)),
        source=source,
        language=paper.language,
        page_sizes=((595.0, 842.0),) if source in _PRINTED else (),
        fields=_row(header, source, unsure),
        lines=lines,
        tax_breakdown=tuple(_row(values, source, {}) for values in tax_values(paper)),
    )


def _shown(line: Line, bill: Bill) -> Mapping[str, str]:
    """The values of a line that stand on the paper: a printed unit is a word, one in an e-invoice a code."""
    values = line_values(line)
    hidden = [name for name in _IDENTIFIERS if name not in bill.trader.shows]
    if bill.trader.source not in _PRINTED:
        ware = next((one for one in bill.trader.wares if one.item_id == line.buyer_item_id), None)
        values["unit"] = _CODES.get("" if ware is None else ware.unit, "C62")
    if bill.paper.document_type is DocumentType.DELIVERY_NOTE:
        hidden += ["unit_price", "tax_rate", "line_net_amount"]
    return {name: value for name, value in values.items() if name not in hidden}


def _row(values: Mapping[str, str], source: Source, unsure: Mapping[str, float], *, prefix: str = "") -> Row:
    sure = _SURENESS.get(source, 1.0)
    return {
        name: Field(value=value, confidence=unsure.get(prefix + name, sure), source=source)
        for name, value in values.items()
        if unsure.get(prefix + name, sure) > 0
    }
