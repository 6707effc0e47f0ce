"""Turns an e-invoice's XML, or an EDI message, into an extraction: what a machine wrote is read, not guessed."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.documents import Extraction, Remark, Row, Source
from core.errors import InputError
from extraction import cii, ubl
from extraction.language import guess_language
from extraction.limits import ReadLimits
from extraction.xml_fields import CERTAIN, row
from extraction.xml_safe import parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_ENVELOPE = "StandardBusinessDocument"
_HEAD_BYTES = 100_000
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_CII = ("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice", "urn:ferd:CrossIndustryDocument:invoice")
EDI_MEDIA_TYPES = frozenset({"application/edifact", "application/edi-x12"})
ORDER_DATA = "DOC-ORDER-DATA"
_ORDER_ROOT = "SCRDMCCBDACIOMessageStructure"
_ROOT_MARKS = (*(name.encode() for name in cii.ROOTS), _UBL.encode())


def parse_einvoice(xml: bytes, sha256: str, *, max_depth: int = ReadLimits().max_xml_depth) -> Extraction:
    """UBL invoice, credit note, despatch advice or waybill, or a Cross Industry Invoice.

    Raises:
        InputError: `DOC-XML-ENTITIES`, `DOC-XML-DEPTH`, `DOC-XML-BROKEN`, `DOC-ORDER-DATA`, or `DOC-XML-UNKNOWN`
            naming the root.
    """
    namespace, root = parse_xml(xml, max_depth=max_depth)
    if root.tag == _ENVELOPE:
        namespace, root = _enclosed(root)
    dialect = _dialect(namespace, root)
    if dialect is None and root.tag == _ORDER_ROOT:
        raise InputError(
            ORDER_DATA,
            "It is an order's data (Order-X), not an invoice's, and is not read.",
            "Send orders to the ERP, and invoices as UBL 2, Cross Industry Invoice or PDF.",
        )
    if dialect is None:
        raise InputError(
            "DOC-XML-UNKNOWN",
            f"It is XML, but <{str(root.tag)[:60]}> is no e-invoice that is read here.",
            "Send a UBL 2 or Cross Industry Invoice (Factur-X, ZUGFeRD, XRechnung), or the paper as PDF.",
        )
    module = ubl if dialect is Source.UBL else cii
    fields, lines, taxes = module.parse(root)
    return Extraction(
        sha256=sha256,
        document_type=module.document_type(root),
        type_confidence=CERTAIN,
        source=dialect,
        language=guess_language(_words(root)),
        page_sizes=(),
        fields=row(fields),
        lines=tuple(lines),
        tax_breakdown=tuple(taxes),
        findings=_ambiguous_lines(lines),
    )


def parse_edi(data: bytes, media_type: str, sha256: str) -> Extraction:
    """The first message of an EDIFACT or X12 interchange: an invoice, a despatch advice, or an order.

    Raises:
        InputError: `DOC-EDI-BROKEN`, or `DOC-EDI-UNKNOWN` naming the type of the message.
    """
    if media_type == "application/edi-x12":
        from extraction.edi_x12 import parse as parse_x12

        source, contents = Source.X12, parse_x12(data)
    else:
        from extraction.edifact import parse as parse_edifact

        source, contents = Source.EDIFACT, parse_edifact(data)
    return Extraction(
        sha256=sha256,
        document_type=contents.document_type,
        type_confidence=CERTAIN,
        source=source,
        language=guess_language(_said(contents.lines)),
        page_sizes=(),
        fields=row(contents.fields),
        lines=contents.lines,
        tax_breakdown=contents.tax_breakdown,
        findings=contents.findings,
    )


def is_einvoice_root(xml: bytes) -> bool:
    """Whether an attachment's beginning shows one of the roots above: cheap, before it is parsed."""
    head = _head(xml)
    return any(mark in head for mark in _ROOT_MARKS)


def is_order_root(xml: bytes) -> bool:
    """Whether an attachment's beginning shows that it is an order (Order-X)."""
    return _ORDER_ROOT.encode() in _head(xml)


def _head(xml: bytes) -> bytes:
    return _COMMENT.sub(b"", xml[:_HEAD_BYTES].replace(b"\0", b""))


def _ambiguous_lines(lines: Sequence[Row]) -> tuple[Remark, ...]:
    """A remark where two lines have one number, by which neither can be meant."""
    numbers = Counter(line["line_id"].value for line in lines if "line_id" in line)
    twice = [number for number, count in numbers.items() if count > 1]
    if not twice:
        return ()
    shown = ", ".join(number[:20] for number in twice[:5])
    message = f"Several lines of the e-invoice have the same number ({shown}). Each line needs one of its own (BT-126)."
    return (Remark(code="DOC-SCHEMA", outcome="hold", message=message),)


def _dialect(namespace: str, root: "_Element") -> Source | None:
    if namespace.startswith(_UBL) and root.tag in ubl.DOCUMENT_TYPES:
        return Source.UBL
    if namespace.startswith(_CII) and root.tag in cii.ROOTS:
        return Source.CII
    return None


def _enclosed(envelope: "_Element") -> tuple[str, "_Element"]:
    """The paper in a delivery network's envelope (SBDH); the envelope itself when it holds none."""
    for part in envelope:
        if part.tag in ubl.DOCUMENT_TYPES:
            return _UBL, part
        if part.tag in cii.ROOTS:
            return _CII[0], part
    return "", envelope


def _said(lines: tuple[Row, ...]) -> list[str]:
    return [word for line in lines if "description" in line for word in line["description"].value.split()]


def _words(root: "_Element") -> list[str]:
    texts = (element.text for name in ("Note", "Content", "Name", "Description") for element in root.iter(name))
    return [word for text in texts if text for word in text.split()]
