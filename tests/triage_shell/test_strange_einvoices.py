"""Strange structured papers, read and decided: each is refused by a code or held by a finding, none breaks anything."""

import re
import time
from collections.abc import Callable

import pytest

from core.decisions import Decision, Outcome
from core.documents import DocumentType, Extraction
from core.errors import ClearholdError
from extraction.limits import ReadLimits
from extraction.pipeline import ReadOptions, read_and_extract
from extraction.structured import parse_einvoice
from tests.chaos.papers import UBL
from tests.triage_shell.conftest import House

ACCOUNT = (
    "<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>{}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
)
TAX_TOTAL = " <cac:TaxTotal>"


def einvoice() -> str:
    """An invoice over ten lamps at 20.00, exactly as ordered and received."""
    xml = UBL.format(
        number="R-8812",
        issued="2026-11-16",
        due="2026-12-16",
        order="4500001",
        net="200.00",
        tax="38.00",
        gross="238.00",
        quantity="10",
    )
    return xml.replace(TAX_TOTAL, ACCOUNT.format("DE02120300000000202051") + TAX_TOTAL, 1)


XML = einvoice()
LINE = XML[XML.index("<cac:InvoiceLine>") : XML.index("</Invoice>")]


def renamed(xml: str, root: str) -> str:
    """The same under another root and its namespace."""
    return xml.replace("<Invoice ", f"<{root} ").replace("</Invoice>", f"</{root}>").replace(":Invoice-2", f":{root}-2")


def read(xml: str | bytes) -> Extraction | ClearholdError:
    try:
        return read_and_extract(xml if isinstance(xml, bytes) else xml.encode())
    except ClearholdError as error:
        return error


def decided(house: House, xml: str | bytes) -> Decision:
    house.load_feeds()
    return house.decide(read(xml))


def test_the_einvoice_they_are_made_from_is_cleared(house: House) -> None:
    decision = decided(house, einvoice())
    assert decision.findings == ()
    assert decision.outcome in {Outcome.CLEAR, Outcome.SAMPLE}


CHANGED: dict[str, tuple[Callable[[str], str], str]] = {
    "an IBAN with one wrong digit": (lambda xml: xml.replace("DE0212030000", "DE0212030001"), "SUP-BANK"),
    "totals that contradict": (lambda xml: xml.replace(">238.00<", ">283.00<"), "DOC-ARITHMETIC"),
    "an amount in another currency": (
        lambda xml: xml.replace('TaxInclusiveAmount currencyID="EUR"', 'TaxInclusiveAmount currencyID="USD"'),
        "DOC-CONFIDENCE",
    ),
    "two numbers": (
        lambda xml: xml.replace("<cbc:ID>R-8812</cbc:ID>", "<cbc:ID>R-8812</cbc:ID><cbc:ID>R-8813</cbc:ID>"),
        "DOC-CONFIDENCE",
    ),
    "a number that is huge": (lambda xml: xml.replace(">238.00<", f">{'9' * 400}<"), "DOC-CONFIDENCE"),
    "an amount that is none": (lambda xml: xml.replace(">238.00<", ">1e5<"), "DOC-CONFIDENCE"),
    "a negative invoice": (lambda xml: xml.replace(">238.00<", ">-238.00<"), "DOC-ARITHMETIC"),
    "no number": (lambda xml: xml.replace("<cbc:ID>R-8812</cbc:ID>", ""), "DOC-CONFIDENCE"),
    "a date that is none": (lambda xml: xml.replace("2026-11-16", "2026-13-16"), "DOC-CONFIDENCE"),
    "two lines of one number": (lambda xml: xml.replace(LINE, LINE * 2), "DOC-SCHEMA"),
    "another root": (lambda xml: renamed(xml, "Catalogue"), "DOC-UNREADABLE"),
    "an order": (lambda _: "<SCRDMCCBDACIOMessageStructure/>", "DOC-ORDER-DATA"),
    "truncated": (lambda xml: xml[:2_000], "DOC-UNREADABLE"),
    "entities": (lambda xml: xml.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1), "DOC-UNREADABLE"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_a_strange_einvoice_is_held_and_says_why(house: House, name: str) -> None:
    change, code = CHANGED[name]
    xml = einvoice()
    assert change(xml) != xml
    decision = decided(house, change(xml))
    assert decision.outcome in {Outcome.HOLD, Outcome.BLOCK}
    assert code in {finding.code for finding in decision.findings}


def test_an_invoice_over_nothing_is_never_cleared_by_silence(house: House) -> None:
    xml = einvoice()
    for amount in (">238.00<", ">200.00<", ">38.00<"):
        xml = xml.replace(amount, ">0.00<")
    assert decided(house, xml).outcome in {Outcome.HOLD, Outcome.BLOCK}


@pytest.mark.parametrize("lines", [300, 10_000])
def test_very_many_lines_are_all_read_and_judged(house: House, lines: int) -> None:
    many = "".join(LINE.replace("<cbc:ID>1<", f"<cbc:ID>{number}<", 1) for number in range(1, lines + 1))
    began = time.process_time()
    result = read(XML.replace(LINE, many))
    assert isinstance(result, Extraction)
    assert len(result.lines) == lines
    assert time.process_time() - began < 20
    house.load_feeds()
    assert house.decide(result).outcome in {Outcome.HOLD, Outcome.BLOCK}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_every_encoding_a_sender_may_use_gives_the_same(encoding: str) -> None:
    declared = einvoice().replace("Desk lamp", "Bürolampe").replace("UTF-8", encoding.removesuffix("-sig"))
    result = read(declared.encode(encoding))
    assert isinstance(result, Extraction)
    assert result.lines[0]["description"].value == "Bürolampe"
    assert result.fields["total_with_vat"].value == "238"


def test_prefixes_are_the_senders_own_business() -> None:
    plain = parse_einvoice(einvoice().encode(), "0" * 64)
    other = re.sub(r"\bcac\b", "a1", re.sub(r"\bcbc\b", "Z.b", einvoice()))
    assert parse_einvoice(other.encode(), "0" * 64) == plain


@pytest.mark.parametrize(
    ("root", "kind"),
    [("SelfBilledInvoice", DocumentType.INVOICE), ("SelfBilledCreditNote", DocumentType.CREDIT_NOTE)],
)
def test_self_billed_papers_are_read_as_what_they_bill(root: str, kind: DocumentType) -> None:
    result = parse_einvoice(renamed(einvoice(), root).encode(), "0" * 64)
    assert result.document_type is kind
    assert result.fields["total_with_vat"].value == "238"
    assert len(result.lines) == 1


def test_depth_is_limited_as_the_settings_say() -> None:
    with pytest.raises(ClearholdError, match="DOC-XML-DEPTH"):
        read_and_extract(einvoice().encode(), ReadOptions(limits=ReadLimits(max_xml_depth=3)))
