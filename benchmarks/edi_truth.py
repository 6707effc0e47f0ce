"""What EDI files say, by another way than ours: from an XML twin beside the file, or from a second, naive parser.

For EDIFACT without a twin the second parser is pydifact's own message classes, for X12 a split by the signs that the
header declares. They know nothing of groups, roles or qualifiers beyond what a value needs.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_SUMS = (
    ("total_without_vat", "389"),
    ("total_vat", "176"),
    ("total_with_vat", "388"),
    ("total_allowances", "260"),
    ("total_charges", "259"),
    ("prepaid_amount", "113"),
    ("amount_due", "9"),
)
Values = dict[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EdiTruth:
    """An EDI file and what is true of it; a value of None must not be found."""

    file: Path
    fields: Values
    lines: list[Values]
    taxes: list[Values]


def edi_truths(folder: Path) -> Iterator[EdiTruth]:
    """Every file of a folder whose values can be known by another way; none where the folder is not there."""
    for file in sorted(folder.glob("*")):
        twin = file.with_suffix(".xml")
        if file.suffix == ".TXT" and twin.exists():
            yield _from_twin(file, twin)
        elif file.suffix == ".edi" and file.name.startswith("x12-"):
            yield from _from_sets(file, file.read_text(encoding="latin-1"))
        elif file.suffix in {".TXT", ".edi"}:
            yield from _from_messages(file, file.read_text(encoding="latin-1"))


def x12_truth(text: str) -> tuple[Values, list[Values]] | None:
    """Header and lines of the one 810 or 856 in a text; None for another set."""
    rows = [row.strip().split(text[3]) for row in text.split(text[105]) if row.strip()]
    kind = _after(rows, "ST", 1)
    if kind == "810":
        items = [row + [""] * 4 for row in rows if row[0] == "IT1"]
        lines: list[Values] = [
            {"quantity": row[2] or None, "unit": row[3] or None, "unit_price": row[4] or None} for row in items
        ]
        cents = _after(rows, "TDS", 1)
        fields: Values = {
            "invoice_number": _after(rows, "BIG", 2),
            "issue_date": _iso(_after(rows, "BIG", 1)),
            "purchase_order_reference": _after(rows, "BIG", 4),
            "currency": _after(rows, "CUR", 2),
            "total_with_vat": f"{int(cents) / 100:.2f}" if cents else None,
        }
        return fields, lines
    if kind == "856":
        shipped: list[Values] = [{"quantity": row[2], "unit": row[3]} for row in rows if row[0] == "SN1"]
        return {
            "shipment_number": _after(rows, "BSN", 2),
            "bill_of_lading_number": _after(rows, "REF", 2, first="BM"),
            "carrier_name": _after(rows, "TD5", 5),
        }, shipped
    return None


def edifact_truth(text: str) -> tuple[Values, list[Values]] | None:
    """Header and lines of the one INVOIC or DESADV in a text, as pydifact's classes have it; None for another."""
    from pydifact.segmentcollection import RawSegmentCollection

    with warnings.catch_warnings():
        # It warns of directories whose descriptions it does not have.
        warnings.simplefilter("ignore")
        rows = [[segment.tag, *segment.elements] for segment in RawSegmentCollection.from_str(text).segments]
    kind = next((_part(row, 2, 0) for row in rows if row[0] == "UNH"), None)
    if kind not in {"INVOIC", "DESADV"}:
        return None
    number = "invoice_number" if kind == "INVOIC" else "shipment_number"
    fields: Values = {number: next((_part(row, 2, 0) for row in rows if row[0] == "BGM"), None)}
    if kind == "INVOIC":
        fields["issue_date"] = _iso(_coded(rows, "DTM", "137"))
        grand = (_coded(rows, "MOA", code) for code in ("388", "77", "39", "128"))
        fields |= {"total_with_vat": next(filter(None, grand), None), "amount_due": _coded(rows, "MOA", "9")}
    return fields, list(_counted(rows))


def _counted(rows: Sequence[Sequence[object]]) -> Iterator[Values]:
    """Each line with the quantity that is billed or sent; in an order of rank, whatever stands first."""
    starts = [place for place, row in enumerate(rows) if row[0] == "LIN"]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        amounts = (_coded(rows[start:end], "QTY", code) for code in ("47", "46", "12", "1"))
        yield {"quantity": next(filter(None, amounts), None)}


def _from_sets(file: Path, text: str) -> Iterator[EdiTruth]:
    found = x12_truth(text)
    if found is not None:
        yield EdiTruth(file=file, fields=found[0], lines=found[1], taxes=[])


def _from_messages(file: Path, text: str) -> Iterator[EdiTruth]:
    from pydifact.exceptions import EDISyntaxError

    try:
        found = edifact_truth(text)
    except EDISyntaxError:
        return
    if found is not None:
        yield EdiTruth(file=file, fields=found[0], lines=found[1], taxes=[])


def _after(rows: list[list[str]], tag: str, place: int, first: str | None = None) -> str | None:
    chosen = (row for row in rows if row[0] == tag and (first is None or row[1] == first))
    return next((row[place] or None for row in chosen if len(row) > place), None)


def _part(row: Sequence[object], element: int, component: int) -> str | None:
    if element >= len(row):
        return None
    value = row[element]
    parts = [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []
    return str(parts[component]) or None if component < len(parts) else None


def _coded(rows: Sequence[Sequence[object]], tag: str, code: str) -> str | None:
    return next((_part(row, 1, 1) for row in rows if row[0] == tag and _part(row, 1, 0) == code), None)


def _from_twin(file: Path, twin: Path) -> EdiTruth:
    from lxml import etree

    root = etree.parse(twin).getroot()
    return EdiTruth(
        file=file,
        fields=_twin_fields(root),
        lines=[_twin_line(line) for line in root.iterfind("G_SG27")],
        taxes=[
            {
                "rate": tax.findtext(".//D_5278"),
                "taxable_amount": _money(tax, "125"),
                "tax_amount": _money(tax, "124"),
            }
            for tax in root.iterfind("G_SG54")
        ],
    )


def _twin_fields(twin: "_Element") -> Values:
    """The header of the XML twin, by the numbers of its elements."""
    seller, buyer = _party(twin, "SE"), _party(twin, "BY")
    summary = [group for group in twin if group.tag == "G_SG52"]
    terms = [group for group in twin.iterfind("G_SG8") if group.findtext("S_DTM//D_2005") == "13"]
    return {
        "invoice_number": twin.findtext("S_BGM//D_1004"),
        "issue_date": _iso(_pick(twin, "S_DTM/C_C507", "D_2005", "137", "D_2380")),
        "delivery_date": _iso(_pick(twin, "S_DTM/C_C507", "D_2005", "35", "D_2380")),
        "due_date": _iso(terms[0].findtext("S_DTM//D_2380") if terms else None),
        "currency": _pick(twin, "G_SG7/S_CUX/C_C504", "D_6347", "2", "D_6345"),
        "purchase_order_reference": _pick(twin, "G_SG1/S_RFF/C_C506", "D_1153", "ON", "D_1154"),
        "despatch_advice_reference": _pick(twin, "G_SG1/S_RFF/C_C506", "D_1153", "AAK", "D_1154"),
        "payment_reference": _pick(twin, "G_SG1/S_RFF/C_C506", "D_1153", "PQ", "D_1154"),
        "seller_name": seller.findtext("S_NAD/C_C080/D_3036"),
        "seller_address": _address(seller),
        "seller_vat_id": _pick(seller, "G_SG3/S_RFF/C_C506", "D_1153", "VA", "D_1154"),
        "buyer_name": buyer.findtext("S_NAD/C_C080/D_3036"),
        "buyer_address": _address(buyer),
        "buyer_vat_id": _pick(buyer, "G_SG3/S_RFF/C_C506", "D_1153", "VA", "D_1154"),
        "payment_iban": _pick(seller, "S_FII", "D_3035", "RB", "C_C078/D_3194"),
        **{name: next((found for group in summary if (found := _money(group, code))), None) for name, code in _SUMS},
    }


def _twin_line(line: "_Element") -> Values:
    """A line of the XML twin."""
    return {
        "line_id": line.findtext("S_LIN/D_1082"),
        "description": next(
            (at.findtext("C_C273/D_7008") for at in line.iterfind("S_IMD") if at.findtext("D_7077") == "F"), None
        ),
        "seller_item_id": _pick(line, "S_PIA/C_C212", "D_7143", "SA", "D_7140"),
        "buyer_item_id": _pick(line, "S_PIA/C_C212", "D_7143", "IN", "D_7140"),
        "gtin": line.findtext("S_LIN/C_C212/D_7140"),
        "quantity": _pick(line, "S_QTY/C_C186", "D_6063", "47", "D_6060"),
        "unit": _pick(line, "S_QTY/C_C186", "D_6063", "47", "D_6411"),
        "unit_price": _pick(line, "G_SG30/S_PRI/C_C509", "D_5125", "AAA", "D_5118"),
        "tax_rate": line.findtext("G_SG35/S_TAX/C_C243/D_5278"),
        "line_net_amount": _pick(line, "G_SG28/S_MOA/C_C516", "D_5025", "203", "D_5004"),
        "purchase_order_line": _pick(line, "G_SG31/S_RFF/C_C506", "D_1153", "ON", "D_1156"),
    }


def _party(twin: "_Element", role: str) -> "_Element":
    """The group of a party."""
    return next(group for group in twin.iterfind("G_SG2") if group.findtext("S_NAD/D_3035") == role)


def _address(group: "_Element") -> str | None:
    """As it would be printed."""
    nad = group.find("S_NAD")
    assert nad is not None
    town = " ".join(filter(None, (nad.findtext("D_3251"), nad.findtext("D_3164"))))
    streets = (nad.findtext("C_C059/D_3042"), nad.findtext("C_C059/D_3042_2"))
    parts = (*streets, town, nad.findtext("C_C819/D_3228"), nad.findtext("D_3207"))
    return ", ".join(part for part in parts if part) or None


def _money(group: "_Element", code: str) -> str | None:
    """The amount of a code, anywhere in a group."""
    return _pick(group, ".//C_C516", "D_5025", code, "D_5004")


def _pick(group: "_Element", path: str, key: str, code: str, value: str) -> str | None:
    """The value beside a code."""
    found: Iterator[_Element] = group.iterfind(path)
    return next((at.findtext(value) for at in found if at.findtext(key) == code), None)


def _iso(text: str | None) -> str | None:
    """A date of eight digits."""
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text else None
