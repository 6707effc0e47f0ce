"""X12: invoices, ship notices and orders come out in the form of the interface; counts that are not right are said."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import DocumentType, Extraction, Row, Source
from core.errors import ClearholdError, InputError
from extraction.pipeline import read_and_extract

DATA = Path(__file__).parents[3] / "shared/data/documents/edi"
ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240305*1200*U*00401*000000077*0*P*>"
INVOICE = """
BIG*20240305*R-17*20240101*PO-9***DI
CUR*SE*USD
REF*SI*D-4
N1*SE*Shop Inc
REF*VX*US12-3456789
N3*1 Main St*Suite 2
N4*Solon*OH*44139*US
N1*BT*Buyer LLC
N3*2 Road
N4*Akron*OH*44301
ITD*01*3*****30*****Net 30
DTM*035*20240301
IT1*1*10*EA*950*HP*VP*S-1*BP*B-1*UP*012345678905
TXI*ST**5
PAM****1*95
PID*F****Pen
TDS*10500
SAC*C*D240***500
TXI*ST*5*5*****100
CTT*1
"""
NOTICE = """
BSN*00*829716*20240301*1200
HL*1**S
TD1*CTN*2****G*60.310*LB
TD5*B*2*SCAC*M*Fast Freight
TD3*TL*MSCU*1234567******SEAL9
REF*BM*BL-7
REF*2I*1Z999
DTM*011*20240302
DTM*017*20240304
N1*SF*Shop Inc
N4*Solon*OH*44139
N1*ST*Store 5
N3*2 Road
N4*Akron*OH*44301
HL*2*1*O
PRF*PO-9
HL*3*2*P
MAN*GM*00340000000000000017
HL*4*3*I
LIN*1*UP*012345678905*LT*LOT-1
SN1*1*24*EA
PID*F****Blue widget
HL*5*2*P
MAN*GM*00340000000000000024
HL*6*5*I
LIN*2*VP*S-2
SN1*2*6*EA
CTT*6
"""


END = "SE*@*0001 GE*1*7 IEA*1*000000077"


def interchange(
    body: str,
    kind: str,
    *,
    segments: int | None = None,
    signs: str = "*~",
    end: str = "SE*@*0001 GE*1*7 IEA*1*000000077",
) -> bytes:
    """An interchange of one transaction set, a segment a line."""
    own = [line for line in body.strip().splitlines() if line]
    end = end.replace("@", str(segments or len(own) + 2))
    whole = [ISA, "GS*IN*S*R*20240305*1200*7*X*004010", f"ST*{kind}*0001", *own, *end.split()]
    return "".join(segment.replace("*", signs[0]) + signs[1:] for segment in whole).encode()


def values(row: Row) -> dict[str, str]:
    """Only the values."""
    return {name: field.value for name, field in row.items()}


def codes(extraction: Extraction) -> list[str]:
    """What was noticed."""
    return [remark.code for remark in extraction.findings]


def refused(data: bytes) -> InputError:
    """Why it is refused."""
    with pytest.raises(InputError) as caught:
        read_and_extract(data)
    return caught.value


def test_an_invoice_is_read_whole() -> None:
    extraction = read_and_extract(interchange(INVOICE, "810"))
    assert (extraction.document_type, extraction.source, extraction.findings) == (
        DocumentType.INVOICE,
        Source.X12,
        (),
    )
    assert values(extraction.fields) == {
        "invoice_number": "R-17",
        "issue_date": "2024-03-05",
        "due_date": "2024-04-04",
        "delivery_date": "2024-03-01",
        "currency": "USD",
        "purchase_order_reference": "PO-9",
        "despatch_advice_reference": "D-4",
        "payment_terms": "Net 30",
        "seller_name": "Shop Inc",
        "seller_address": "1 Main St, Suite 2, Solon, OH 44139, US",
        "seller_vat_id": "US12-3456789",
        "buyer_name": "Buyer LLC",
        "buyer_address": "2 Road, Akron, OH 44301",
        "total_with_vat": "105",
        "total_vat": "5",
        "total_charges": "5",
    }
    assert [values(line) for line in extraction.lines] == [
        {
            "line_id": "1",
            "description": "Pen",
            "seller_item_id": "S-1",
            "buyer_item_id": "B-1",
            "gtin": "012345678905",
            "quantity": "10",
            "unit": "EA",
            "unit_price": "950",
            "price_base_quantity": "100",
            "tax_rate": "5",
            "line_net_amount": "95",
        }
    ]
    assert [values(tax) for tax in extraction.tax_breakdown] == [
        {"rate": "5", "taxable_amount": "100", "tax_amount": "5"}
    ]


def test_a_ship_notice_is_read_as_a_tree() -> None:
    extraction = read_and_extract(interchange(NOTICE, "856"))
    assert (extraction.document_type, extraction.findings) == (DocumentType.DESPATCH_ADVICE, ())
    assert values(extraction.fields) == {
        "shipment_number": "829716",
        "bill_of_lading_number": "BL-7",
        "purchase_order_reference": "PO-9",
        "despatch_date": "2024-03-02",
        "delivery_date": "2024-03-04",
        "carrier_name": "Fast Freight",
        "tracking_number": "1Z999",
        "container_number": "MSCU1234567",
        "seal_number": "SEAL9",
        "package_count": "2",
        "gross_weight": "60.31",
        "gross_weight_unit": "LB",
        "shipper_name": "Shop Inc",
        "shipper_address": "Solon, OH 44139",
        "consignee_name": "Store 5",
        "consignee_address": "2 Road, Akron, OH 44301",
    }
    first, second = (values(line) for line in extraction.lines)
    assert first == {
        "line_id": "1",
        "gtin": "012345678905",
        "lot_number": "LOT-1",
        "sscc": "00340000000000000017",
        "quantity": "24",
        "unit": "EA",
        "description": "Blue widget",
        "purchase_order_reference": "PO-9",
    }
    assert (second["seller_item_id"], second["sscc"]) == ("S-2", "00340000000000000024")


def test_a_level_below_none_is_remarked() -> None:
    assert codes(read_and_extract(interchange(NOTICE.replace("HL*6*5", "HL*6*9"), "856"))) == ["DOC-EDI-COUNTS"]


@pytest.mark.parametrize(("kind", "begin"), [("850", "BEG*00*SA*PO-9**20240305"), ("855", "BAK*00*AD*PO-9*20240305")])
def test_orders_and_answers_are_purchase_orders(kind: str, begin: str) -> None:
    extraction = read_and_extract(interchange(f"{begin}\nN1*BY*Buyer\nPO1*1*8*EA*2.5**VP*S-1\nCTT*1", kind))
    assert extraction.document_type is DocumentType.PURCHASE_ORDER
    assert values(extraction.fields) == {
        "purchase_order_reference": "PO-9",
        "issue_date": "2024-03-05",
        "buyer_name": "Buyer",
    }
    assert values(extraction.lines[0])["unit_price"] == "2.5"


@pytest.mark.parametrize("signs", ["|~", "*\n", "*\r\n", "^\x1c", "*~\n"])
def test_the_signs_of_the_header_are_used(signs: str) -> None:
    extraction = read_and_extract(interchange(INVOICE, "810", signs=signs))
    assert (extraction.fields["invoice_number"].value, codes(extraction)) == ("R-17", [])


@pytest.mark.parametrize("code", ["CR", "CN"])
def test_a_credit_memo_is_a_credit_note(code: str) -> None:
    data = interchange(INVOICE.replace("***DI", f"***{code}"), "810")
    assert read_and_extract(data).document_type is DocumentType.CREDIT_NOTE


@pytest.mark.parametrize(
    "end",
    [
        "SE*99*0001 GE*1*7 IEA*1*000000077",
        "SE*@*0002 GE*1*7 IEA*1*000000077",
        "SE*@*0001 GE*2*7 IEA*1*000000077",
        "SE*@*0001 GE*1*8 IEA*1*000000077",
        "SE*@*0001 GE*1*7 IEA*2*000000077",
        "SE*@*0001 GE*1*7 IEA*1*000000078",
        "SE*@*0001 GE*1*7",
    ],
)
def test_counts_and_control_numbers_that_are_not_right_are_remarked(end: str) -> None:
    assert codes(read_and_extract(interchange(INVOICE, "810", end=end))) == ["DOC-EDI-COUNTS"]


def test_a_lost_line_is_remarked() -> None:
    extraction = read_and_extract(interchange(INVOICE.replace("CTT*1", "CTT*2"), "810"))
    assert [(at.expected, at.actual, at.outcome) for at in extraction.findings] == [("2", "1", "hold")]


def test_of_several_sets_the_first_is_read_and_the_rest_remarked() -> None:
    end = "SE*@*0001 ST*810*0002 SE*2*0002 GE*2*7 IEA*1*000000077"
    assert codes(read_and_extract(interchange(INVOICE, "810", end=end))) == ["DOC-EDI-MORE"]


@pytest.mark.parametrize("kind", ["271", "837", "999"])
def test_another_type_is_refused_by_name(kind: str) -> None:
    error = refused(interchange("BHT*0022", kind))
    assert error.code == "DOC-EDI-UNKNOWN"
    assert f"type {kind}" in error.message


@pytest.mark.parametrize("size", [107, 150, 300, 500])
def test_a_truncated_interchange_is_refused(size: int) -> None:
    assert refused(interchange(INVOICE, "810")[:size]).code == "DOC-EDI-BROKEN"


@pytest.mark.law
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_sets_are_read_or_refused_but_never_break_the_reader(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([interchange(INVOICE, "810"), interchange(NOTICE, "856")])))
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(whole) - 1))
        damage = data.draw(st.binary(max_size=3) | st.sampled_from([b"~", b"*", b">", b"9"]))
        whole[place : place + data.draw(st.integers(0, 3))] = damage
    with contextlib.suppress(ClearholdError):
        read_and_extract(bytes(whole))


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="no shared data here")
def test_the_published_ship_notice_is_read() -> None:
    extraction = read_and_extract((DATA / "x12-856.edi").read_bytes())
    assert codes(extraction) == []
    assert extraction.fields["bill_of_lading_number"].value == "999999-001"
    assert [line["quantity"].value for line in extraction.lines] == ["24", "6"]
