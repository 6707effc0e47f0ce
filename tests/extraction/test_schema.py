"""E-invoices are held to the rules of the standard they claim, in a child process as the worker does it."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from lxml import etree

from core.documents import Remark
from core.errors import InputError
from core.limited import LimitedExecutor, ProcessLimits
from extraction.schema import check, rules_of, warm_up
from review_api.schema_check import RESERVED_BYTES
from training.batch import Sent, fill_desk
from training.einvoices import write_cii, write_hybrid, write_ubl
from training.layouts import print_paper
from training.ledger import AS_OF, build_ledger
from training.retailer import build_retailer

EINVOICES = Path(__file__).resolve().parents[3] / "shared" / "data" / "documents" / "einvoices"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
# Broken as published: additional documents without a type, and a reason for exemption that is in no list.
BROKEN_AS_PUBLISHED = {"cii-XRechnung-O.xml"}

Check = Callable[..., tuple[Remark, ...]]


@pytest.fixture(scope="module")
def checked() -> Iterator[Check]:
    """The check, in a child with the worker's limits."""
    limits = ProcessLimits(seconds=60, memory_bytes=3_000_000_000, reserved_bytes=RESERVED_BYTES)
    with LimitedExecutor(1, limits=limits, initializer=warm_up) as executor:

        def run(data: bytes, media_type: str = "application/xml") -> tuple[Remark, ...]:
            return executor.submit(check, data, media_type=media_type).result()

        yield run


@pytest.fixture(scope="module")
def sent() -> tuple[Sent, ...]:
    retailer = build_retailer(5)
    return fill_desk(retailer, build_ledger(retailer, 5, AS_OF), 5)[0]


def written(one: Sent) -> tuple[bytes, str]:
    if one.form == "ubl":
        return write_ubl(one.paper), "application/xml"
    if one.form == "cii":
        return write_cii(one.paper), "application/xml"
    return write_hybrid(print_paper(one.paper, one.house.style).pdf, write_cii(one.paper)), "application/pdf"


def test_honest_einvoices_of_the_demo_break_no_rule(checked: Check, sent: tuple[Sent, ...]) -> None:
    honest = [one for one in sent if one.form in {"ubl", "cii", "hybrid"} and one.fault is None]
    assert len(honest) >= 12
    for one in honest:
        assert checked(*written(one)) == (), one.paper.number


def test_broken_sum_is_held_with_the_rule_and_its_text(checked: Check, sent: tuple[Sent, ...]) -> None:
    one = next(at for at in sent if at.form == "ubl" and at.fault == "sums-do-not-add-up")
    (remark,) = checked(*written(one))
    assert (remark.code, remark.outcome) == ("DOC-SCHEMA", "hold")
    assert "BR-CO-15: Invoice total amount with VAT (BT-112) =" in remark.message
    assert "[BR-CO-15]" not in remark.message


def test_more_than_five_rules_are_counted(checked: Check) -> None:
    xml = f"""<Invoice xmlns="{UBL}Invoice-2" xmlns:cbc="{UBL}CommonBasicComponents-2">
      <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID></Invoice>"""
    (remark,) = checked(xml.encode())
    assert remark.message.count("BR-") >= 5
    assert "; and " in remark.message
    assert remark.message.endswith("more rules")


def test_invoice_in_an_envelope_is_checked_too(checked: Check, sent: tuple[Sent, ...]) -> None:
    one = next(at for at in sent if at.form == "ubl" and at.fault == "sums-do-not-add-up")
    inside = written(one)[0].partition(b"?>")[2]
    (remark,) = checked(b"<StandardBusinessDocument xmlns='urn:x'><Header/>" + inside + b"</StandardBusinessDocument>")
    assert "BR-CO-15" in remark.message


@pytest.mark.parametrize(
    "xml",
    [
        f"<Invoice xmlns='{UBL}Invoice-2'/>",
        f"<DespatchAdvice xmlns='{UBL}DespatchAdvice-2'/>",
        "<other/>",
    ],
)
def test_paper_that_claims_no_standard_breaks_none(checked: Check, xml: str) -> None:
    assert checked(xml.encode()) == ()


def test_pdf_without_data_breaks_none(checked: Check, sent: tuple[Sent, ...]) -> None:
    one = next(at for at in sent if at.form == "native" and at.fault is None)
    assert checked(print_paper(one.paper, one.house.style).pdf, "application/pdf") == ()


def test_entities_never_reach_the_rules(checked: Check) -> None:
    with pytest.raises(InputError, match="document type"):
        checked(b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>")


@pytest.mark.parametrize(
    ("claim", "rules"),
    [
        ("urn:cen.eu:en16931:2017", "facturx-en16931"),
        ("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "facturx-en16931"),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "facturx-basic/"),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "facturx-extended"),
        ("urn:factur-x.eu:1p0:minimum", "facturx-minimum"),
        ("urn:zugferd.de:2p0:basicwl", "facturx-basicwl"),
        ("urn:ferd:CrossIndustryDocument:invoice:1p0:comfort", None),
        ("", None),
    ],
)
def test_claimed_profile_says_which_rules(claim: str, rules: str | None) -> None:
    space = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    head = "GuidelineSpecifiedDocumentContextParameter"
    found = rules_of(
        etree.fromstring(
            f"<CrossIndustryInvoice xmlns='{space}'><{head}><ID>{claim}</ID></{head}></CrossIndustryInvoice>"
        )
    )
    assert found is None if rules is None else found is not None and found.startswith(rules)


@pytest.mark.data
@pytest.mark.skipif(not EINVOICES.is_dir(), reason="needs the shared data")
def test_published_examples_break_no_rule(checked: Check) -> None:
    paths = sorted(EINVOICES.glob("*.xml"))
    broken = {path.name for path in paths if partial(checked)(path.read_bytes())}
    assert broken == BROKEN_AS_PUBLISHED
