"""EDIFACT: every value that a message carries comes out in the form of the interface; what is not whole is said."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from core.documents import DocumentType, Extraction, Row, Source
from core.errors import ClearholdError, InputError
from extraction.pipeline import read_and_extract

DATA = Path(__file__).parents[3] / "shared/data/documents/edi"
TWINS = sorted(path.stem for path in DATA.glob("edifact-invoic-*.xml"))
INVOICE = """
BGM+380+R-17+9
DTM+137:20240305:102
DTM+35:20240301:102
FTX+AAB+++30 days?: net, don?'t wait
RFF+ON:PO-9
DTM+171:20240101:102
RFF+AAK:D-4
RFF+PQ:ref 1
NAD+SE+4000001000005::9++Shop AB+Gata 1:Floor 2+Lund+:::Skane+22100+SE
RFF+VA:SE123456789001
FII+RB+SE4550000000058398257466
NAD+BY+++Buyer ?+ Co+Road 2+Oslo++0150+NO
RFF+VA:NO987654321
CUX+2:SEK:4
PAT+1
DTM+13:20240404:102
ALC+C+Freight
MOA+23:5
LIN+1++4012345001235:SRV
PIA+5+S-1:SA+B-1:IN
IMD+F++:::Pen
QTY+47:10:C62
MOA+203:95
PRI+AAA:1000:::100
RFF+ON:PO-9:4
TAX+7+VAT+++:::25+S
ALC+A
MOA+204:5
UNS+S
MOA+389:100
MOA+176:25
MOA+388:125
MOA+113:25
MOA+9:100
TAX+7+VAT+++:::25+S
MOA+125:100
MOA+124:25
"""
DESPATCH = """
BGM+351+D-4+9
DTM+137:20240301:102
DTM+11:20240302:102
DTM+17:20240304:102
RFF+ON:PO-9
RFF+BM:BL-7
NAD+SU+++Shop AB+Gata 1+Lund++22100+SE
NAD+DP+++Store 5+Road 2+Oslo++0150+NO
TDT+20++30++:::Fast Freight
EQD+CN+MSCU1234567
SEL+SEAL9
CPS+1
PAC+2++201
MEA+PD+AAD+KGM:120,5
MEA+PD+AAC+KGM:100
CPS+2+1
PAC+1++201
PCI+33E
GIN+BJ+340000000000000017
LIN+1++4012345001235:SRV
PIA+1+LOT-1:NB
QTY+12:24:PCE
RFF+ON:PO-9
CPS+3+1
PAC+1++201
PCI+33E
GIN+BJ+340000000000000024
LIN+2++4012345001242:SRV
QTY+12:6:PCE
"""


def interchange(
    body: str, kind: str = "INVOIC", *, count: int | None = None, una: str = "UNA:+.? '", end: str = ""
) -> bytes:
    """An interchange of one message, a segment a line."""
    segments = [line for line in body.strip().splitlines() if line]
    count = len(segments) + 2 if count is None else count
    whole = [
        "UNB+UNOC:3+A+B+240305:1200+77",
        f"UNH+1+{kind}:D:96A:UN",
        *segments,
        f"UNT+{count}+1",
        *([end] if end else ["UNZ+1+77"]),
    ]
    return (una + "".join(f"{segment}'\n" for segment in whole)).encode()


def values(row: Row) -> dict[str, str]:
    """Only the values."""
    return {name: field.value for name, field in row.items()}


def refused(data: bytes) -> InputError:
    """Why it is refused."""
    with pytest.raises(InputError) as caught:
        read_and_extract(data)
    return caught.value


def remarks(extraction: Extraction) -> list[str]:
    """The codes of what was noticed."""
    return [remark.code for remark in extraction.findings]


def test_an_invoice_is_read_whole() -> None:
    extraction = read_and_extract(interchange(INVOICE))
    assert (extraction.document_type, extraction.source) == (DocumentType.INVOICE, Source.EDIFACT)
    assert extraction.findings == ()
    assert values(extraction.fields) == {
        "invoice_number": "R-17",
        "issue_date": "2024-03-05",
        "due_date": "2024-04-04",
        "delivery_date": "2024-03-01",
        "currency": "SEK",
        "purchase_order_reference": "PO-9",
        "despatch_advice_reference": "D-4",
        "payment_reference": "ref 1",
        "payment_terms": "30 days: net, don't wait",
        "seller_name": "Shop AB",
        "seller_address": "Gata 1, Floor 2, 22100 Lund, Skane, SE",
        "seller_vat_id": "SE123456789001",
        "payment_iban": "SE4550000000058398257466",
        "buyer_name": "Buyer + Co",
        "buyer_address": "Road 2, 0150 Oslo, NO",
        "buyer_vat_id": "NO987654321",
        "total_without_vat": "100",
        "total_vat": "25",
        "total_with_vat": "125",
        "total_charges": "5",
        "prepaid_amount": "25",
        "amount_due": "100",
    }
    assert [values(tax) for tax in extraction.tax_breakdown] == [
        {"rate": "25", "taxable_amount": "100", "tax_amount": "25"}
    ]


def test_a_line_keeps_its_own_amounts_and_not_its_allowances() -> None:
    (line,) = read_and_extract(interchange(INVOICE)).lines
    assert values(line) == {
        "line_id": "1",
        "description": "Pen",
        "seller_item_id": "S-1",
        "buyer_item_id": "B-1",
        "gtin": "4012345001235",
        "purchase_order_reference": "PO-9",
        "purchase_order_line": "4",
        "quantity": "10",
        "unit": "C62",
        "unit_price": "1000",
        "price_base_quantity": "100",
        "tax_rate": "25",
        "line_net_amount": "95",
    }


def test_values_are_as_sure_as_those_of_an_xml_invoice() -> None:
    number = read_and_extract(interchange(INVOICE)).fields["invoice_number"]
    assert (number.confidence, number.source) == (0.999, Source.EDIFACT)


def test_a_despatch_advice_is_read_with_its_packages() -> None:
    extraction = read_and_extract(interchange(DESPATCH, "DESADV"))
    assert extraction.document_type is DocumentType.DESPATCH_ADVICE
    assert values(extraction.fields) == {
        "shipment_number": "D-4",
        "bill_of_lading_number": "BL-7",
        "purchase_order_reference": "PO-9",
        "despatch_date": "2024-03-02",
        "delivery_date": "2024-03-04",
        "container_number": "MSCU1234567",
        "seal_number": "SEAL9",
        "carrier_name": "Fast Freight",
        "shipper_name": "Shop AB",
        "shipper_address": "Gata 1, 22100 Lund, SE",
        "consignee_name": "Store 5",
        "consignee_address": "Road 2, 0150 Oslo, NO",
        "package_count": "2",
        "gross_weight": "120.5",
        "gross_weight_unit": "KGM",
        "net_weight": "100",
    }
    assert [values(line) for line in extraction.lines] == [
        {
            "line_id": "1",
            "gtin": "4012345001235",
            "purchase_order_reference": "PO-9",
            "quantity": "24",
            "unit": "PCE",
            "package_count": "1",
            "lot_number": "LOT-1",
            "sscc": "340000000000000017",
        },
        {
            "line_id": "2",
            "gtin": "4012345001242",
            "quantity": "6",
            "unit": "PCE",
            "package_count": "1",
            "sscc": "340000000000000024",
        },
    ]


def test_a_credit_note_is_one_by_its_code() -> None:
    assert read_and_extract(interchange("BGM+381+G-1")).document_type is DocumentType.CREDIT_NOTE


def test_an_order_is_a_purchase_order() -> None:
    body = "BGM+220+PO-9+9\nDTM+137:20240305:102\nNAD+BY+++Buyer\nLIN+1++4012345001235:EN\nQTY+21:8\nUNS+S"
    extraction = read_and_extract(interchange(body, "ORDERS"))
    assert extraction.document_type is DocumentType.PURCHASE_ORDER
    assert values(extraction.fields) == {
        "purchase_order_reference": "PO-9",
        "issue_date": "2024-03-05",
        "buyer_name": "Buyer",
    }
    assert values(extraction.lines[0]) == {"line_id": "1", "gtin": "4012345001235", "quantity": "8"}


def test_the_declared_signs_are_used() -> None:
    data = interchange(INVOICE).decode().removeprefix("UNA:+.? '")
    swapped = data.translate(str.maketrans(":+'", "|^~"))
    text = swapped.replace("10|C62", "10,5|C62")
    extraction = read_and_extract(f"UNA|^,? ~{text}".encode())
    assert extraction.fields["seller_name"].value == "Shop AB"
    assert extraction.lines[0]["quantity"].value == "10.5"


def test_a_blank_release_sign_is_none() -> None:
    assert read_and_extract(interchange("BGM+380+R 17 b", una="UNA:+.  '")).fields["invoice_number"].value == "R 17 b"


@pytest.mark.parametrize(("text", "said"), [("J?'UNA?:?+., b", "J'UNA:+., b"), ("a??", "a?"), ("café", "café")])
def test_signs_within_a_text_do_not_end_it(text: str, said: str) -> None:
    data = interchange(f"BGM+380+R\nNAD+SE+++{text}", una="")
    assert read_and_extract(data).fields["seller_name"].value == said


def test_latin_text_is_read_as_declared() -> None:
    data = interchange("BGM+380+R\nNAD+SE+++Müller").decode().encode("latin-1")
    assert read_and_extract(data).fields["seller_name"].value == "Müller"


def test_amounts_of_another_currency_are_left_aside() -> None:
    body = "BGM+380+R\nCUX+2:EUR\nCUX+6:SEK\nUNS+S\nMOA+388:999:SEK\nMOA+388:100:EUR"
    fields = read_and_extract(interchange(body)).fields
    assert (fields["currency"].value, fields["total_with_vat"].value) == ("EUR", "100")


@pytest.mark.parametrize(
    ("date", "said"),
    [("20240305:102", "2024-03-05"), ("240305:101", "2024-03-05"), ("202403051200:203", "2024-03-05")],
)
def test_dates_are_read_by_their_format(date: str, said: str) -> None:
    assert read_and_extract(interchange(f"BGM+380+R\nDTM+137:{date}")).fields["issue_date"].value == said


def test_a_date_that_is_none_is_kept_without_trust() -> None:
    field = read_and_extract(interchange("BGM+380+R\nDTM+137:20241399:102")).fields["issue_date"]
    assert field.confidence < 0.05


def test_wrong_counts_are_remarked_with_both_numbers() -> None:
    (remark,) = read_and_extract(interchange(INVOICE, count=99)).findings
    assert (remark.code, remark.outcome, remark.expected) == ("DOC-EDI-COUNTS", "hold", "99")


@pytest.mark.parametrize("end", ["UNZ+2+77", "UNZ+1+78", "UNZ+x+77", "FTX+AAI"])
def test_an_envelope_that_is_not_right_is_remarked(end: str) -> None:
    assert remarks(read_and_extract(interchange(INVOICE, end=end))) == ["DOC-EDI-COUNTS"]


def test_of_several_messages_the_first_is_read_and_the_rest_remarked() -> None:
    more = "UNT+3+1'UNH+2+INVOIC:D:96A:UN'BGM+380+R-18'UNT+3+2'UNZ+2+77"
    data = interchange("BGM+380+R-17", end="UNZ").replace(b"UNT+3+1'\nUNZ", more.encode())
    extraction = read_and_extract(data)
    assert extraction.fields["invoice_number"].value == "R-17"
    assert remarks(extraction) == ["DOC-EDI-MORE"]


@pytest.mark.parametrize("kind", ["PAXLST", "MEDPID", "INVRPT"])
def test_another_type_is_refused_by_name(kind: str) -> None:
    error = refused(interchange("BGM+1+2", kind))
    assert error.code == "DOC-EDI-UNKNOWN"
    assert kind in error.message
    assert "INVOIC" in error.remedy


@pytest.mark.parametrize("size", [20, 60, 100, 300, 700])
def test_a_truncated_message_is_refused(size: int) -> None:
    assert refused(interchange(INVOICE)[:size]).code == "DOC-EDI-BROKEN"


@pytest.mark.parametrize(
    "data",
    [
        b"UNB+UNOC:3+A+B+240305:1200+1'UNZ+0+1'",
        b"UNB+UNOC:3+A+B+240305:1200+1'UNH+1+INVOIC:D:96A:UN'BGM+380+R'UNZ+1+1'",
        b"UNH+1+INVOIC:D:96A:UN'BGM+380+R'UNH+2+INVOIC:D:96A:UN'UNT+1+1'",
        b"UNA::::::UNB:",
    ],
    ids=["no message", "no UNT", "no UNT before the next", "no signs"],
)
def test_what_is_not_whole_is_refused(data: bytes) -> None:
    assert refused(data).code == "DOC-EDI-BROKEN"


@pytest.mark.law
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_messages_are_read_or_refused_but_never_break_the_reader(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([interchange(INVOICE), interchange(DESPATCH, "DESADV")])))
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"'", b"+", b":", b"?"])
        )
    with contextlib.suppress(ClearholdError):
        read_and_extract(bytes(whole))


def test_a_hundred_invoices_are_read_in_a_second() -> None:
    data = interchange(INVOICE)
    read_and_extract(data)
    began = time.process_time()
    for _ in range(50):
        read_and_extract(data)
    assert time.process_time() - began < 0.5


@pytest.mark.data
@pytest.mark.parametrize("stem", TWINS)
def test_an_invoice_says_what_its_xml_twin_says(stem: str) -> None:
    extraction = read_and_extract((DATA / f"{stem}.TXT").read_bytes())
    twin = etree.parse(DATA / f"{stem}.xml").getroot()
    assert_same(values(extraction.fields), twin_fields(twin))
    lines = [twin_line(line) for line in twin.iterfind("G_SG27")]
    assert len(extraction.lines) == len(lines)
    for read, wanted in zip(extraction.lines, lines, strict=True):
        assert_same(values(read), wanted)
    taxes = [values(tax) for tax in extraction.tax_breakdown]
    for read_tax, tax in zip(taxes, twin.iterfind("G_SG54"), strict=True):
        wanted = {
            "rate": tax.findtext(".//D_5278"),
            "taxable_amount": money(tax, "125"),
            "tax_amount": money(tax, "124"),
        }
        assert_same(read_tax, wanted)


def assert_same(read: Mapping[str, str], wanted: Mapping[str, str | None]) -> None:
    """Every wanted value is read exactly, amounts by their worth; what is not wanted was not read."""
    assert {name: normal(value) for name, value in read.items() if name in wanted} == {
        name: normal(value) for name, value in wanted.items() if value
    }


def normal(value: str) -> str:
    """An amount without trailing zeros; a text with single spaces."""
    try:
        return format(Decimal(value).normalize(), "f")
    except InvalidOperation:
        return " ".join(value.split())


def twin_fields(twin: etree._Element) -> dict[str, str | None]:
    """The header of the XML twin, by the numbers of its elements."""
    seller, buyer = party(twin, "SE"), party(twin, "BY")
    summary = [group for group in twin if group.tag == "G_SG52"]
    terms = [group for group in twin.iterfind("G_SG8") if group.findtext("S_DTM//D_2005") == "13"]
    return {
        "invoice_number": twin.findtext("S_BGM//D_1004"),
        "issue_date": iso(pick(twin, "S_DTM/C_C507", "D_2005", "137", "D_2380")),
        "delivery_date": iso(pick(twin, "S_DTM/C_C507", "D_2005", "35", "D_2380")),
        "due_date": iso(terms[0].findtext("S_DTM//D_2380") if terms else None),
        "currency": pick(twin, "G_SG7/S_CUX/C_C504", "D_6347", "2", "D_6345"),
        "purchase_order_reference": pick(twin, "G_SG1/S_RFF/C_C506", "D_1153", "ON", "D_1154"),
        "despatch_advice_reference": pick(twin, "G_SG1/S_RFF/C_C506", "D_1153", "AAK", "D_1154"),
        "payment_reference": pick(twin, "G_SG1/S_RFF/C_C506", "D_1153", "PQ", "D_1154"),
        "seller_name": seller.findtext("S_NAD/C_C080/D_3036"),
        "seller_address": address(seller),
        "seller_vat_id": pick(seller, "G_SG3/S_RFF/C_C506", "D_1153", "VA", "D_1154"),
        "buyer_name": buyer.findtext("S_NAD/C_C080/D_3036"),
        "buyer_address": address(buyer),
        "buyer_vat_id": pick(buyer, "G_SG3/S_RFF/C_C506", "D_1153", "VA", "D_1154"),
        "payment_iban": pick(seller, "S_FII", "D_3035", "RB", "C_C078/D_3194"),
        **{
            name: next((found for group in summary if (found := money(group, code))), None)
            for name, code in (
                ("total_without_vat", "389"),
                ("total_vat", "176"),
                ("total_with_vat", "388"),
                ("total_allowances", "260"),
                ("total_charges", "259"),
                ("prepaid_amount", "113"),
                ("amount_due", "9"),
            )
        },
    }


def twin_line(line: etree._Element) -> dict[str, str | None]:
    """A line of the XML twin."""
    return {
        "line_id": line.findtext("S_LIN/D_1082"),
        "description": next(
            (at.findtext("C_C273/D_7008") for at in line.iterfind("S_IMD") if at.findtext("D_7077") == "F"), None
        ),
        "seller_item_id": pick(line, "S_PIA/C_C212", "D_7143", "SA", "D_7140"),
        "buyer_item_id": pick(line, "S_PIA/C_C212", "D_7143", "IN", "D_7140"),
        "gtin": line.findtext("S_LIN/C_C212/D_7140"),
        "quantity": pick(line, "S_QTY/C_C186", "D_6063", "47", "D_6060"),
        "unit": pick(line, "S_QTY/C_C186", "D_6063", "47", "D_6411"),
        "unit_price": pick(line, "G_SG30/S_PRI/C_C509", "D_5125", "AAA", "D_5118"),
        "tax_rate": line.findtext("G_SG35/S_TAX/C_C243/D_5278"),
        "line_net_amount": pick(line, "G_SG28/S_MOA/C_C516", "D_5025", "203", "D_5004"),
        "purchase_order_line": pick(line, "G_SG31/S_RFF/C_C506", "D_1153", "ON", "D_1156"),
    }


def party(twin: etree._Element, role: str) -> etree._Element:
    """The group of a party."""
    return next(group for group in twin.iterfind("G_SG2") if group.findtext("S_NAD/D_3035") == role)


def address(group: etree._Element) -> str | None:
    """As it would be printed."""
    nad = group.find("S_NAD")
    assert nad is not None
    town = " ".join(filter(None, (nad.findtext("D_3251"), nad.findtext("D_3164"))))
    streets = (nad.findtext("C_C059/D_3042"), nad.findtext("C_C059/D_3042_2"))
    parts = (*streets, town, nad.findtext("C_C819/D_3228"), nad.findtext("D_3207"))
    return ", ".join(part for part in parts if part) or None


def money(group: etree._Element, code: str) -> str | None:
    """The amount of a code, anywhere in a group."""
    return pick(group, ".//C_C516", "D_5025", code, "D_5004")


def pick(group: etree._Element, path: str, key: str, code: str, value: str) -> str | None:
    """The value beside a code."""
    found: Iterator[etree._Element] = group.iterfind(path)
    return next((at.findtext(value) for at in found if at.findtext(key) == code), None)


def iso(text: str | None) -> str | None:
    """A date of eight digits."""
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text else None
