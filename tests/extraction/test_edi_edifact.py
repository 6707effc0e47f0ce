"""EDIFACT: every value that a message carries comes out in the form of the interface; what is not whole is said."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import DocumentType, Extraction, Row, Source
from core.errors import ClearholdError, InputError
from extraction.pipeline import read_and_extract

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
