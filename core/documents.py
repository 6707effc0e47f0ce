"""A document on its way: bytes received, words read, fields extracted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class DocumentType(StrEnum):
    """What kind of paper it is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    PACKING_LIST = "packing_list"
    DELIVERY_NOTE = "delivery_note"
    BILL_OF_LADING = "bill_of_lading"
    DESPATCH_ADVICE = "despatch_advice"
    PURCHASE_ORDER = "purchase_order"
    OTHER = "other"


BILLING_TYPES = frozenset({DocumentType.INVOICE, DocumentType.CREDIT_NOTE, DocumentType.RECEIPT})
SHIPMENT_TYPES = frozenset(
    {
        DocumentType.PACKING_LIST,
        DocumentType.DELIVERY_NOTE,
        DocumentType.BILL_OF_LADING,
        DocumentType.DESPATCH_ADVICE,
    }
)


class Source(StrEnum):
    """Where a value was read."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    UBL = "ubl"
    CII = "cii"
    X12 = "x12"
    EDIFACT = "edifact"


class DocumentState(StrEnum):
    """Where a received document stands. Only `received` and `working` ask for more work."""

    RECEIVED = "received"
    WORKING = "working"
    DECIDED = "decided"


class Box(NamedTuple):
    """A rectangle on a page, in PDF points (1/72 inch), origin top left."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as received: stored once by its SHA-256, whatever it is called and however often it comes.

    Attributes:
        parent_id: the mail or archive it first came in, None when it came by itself.
    """

    document_id: str
    sha256: str
    size_bytes: int
    media_type: str
    file_name: str
    origin: str
    received_at: datetime
    received_by: str
    state: DocumentState = DocumentState.RECEIVED
    attempts: int = 0
    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word on a page. `confidence` is the reader's own (1 for a text layer), not calibrated.

    Attributes:
        agreed: whether a second OCR engine read the same letters there; None when none was asked.
    """

    text: str
    box: Box
    confidence: float = 1.0
    agreed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that was read. Sizes in points; words in reading order; a lone image counts as one page.

    Attributes:
        rulings: lines drawn on it, as boxes without thickness; empty where none are known, as on pictures.
    """

    number: int
    width: float
    height: float
    source: Source
    words: tuple[Word, ...] = ()
    rulings: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What can be seen in a document, before anyone asks what it means.

    Attributes:
        xml: the e-invoice it is (plain XML) or carries (hybrid PDF), as bytes; None when there is none.
        edi: the EDIFACT or X12 interchange it is, as bytes; None when it is none.
    """

    sha256: str
    media_type: str
    pages: tuple[Page, ...] = ()
    xml: bytes | None = None
    edi: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where on the paper a value can be seen. Pages count from 1."""

    page: int
    box: Box
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value read from a document, as a string in the form of the interface, and how sure it is.

    Attributes:
        value: ISO 8601 date, plain decimal, ISO 4217 currency, or an identifier as printed.
        confidence: calibrated probability that the value is right, 0 to 1.
        reasons: why it is trusted or not, in short words for the page (`adds up`, `two candidates`).
    """

    value: str
    confidence: float
    source: Source
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[str, ...] = ()


Row = Mapping[str, Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A value that a field may have instead: what else on the paper was thought of, and where it stands.

    Attributes:
        confidence: its share of what the chosen value's own confidence leaves; not calibrated by itself.
    """

    value: str
    confidence: float
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something extraction noticed by itself, before any control: a code of the catalogue and a sentence.

    Attributes:
        subject: the field it is about, if about one.
        expected, actual: two values that ought to be one, as a person reads them.
        evidence: where on the paper it can be seen.
    """

    code: str
    outcome: str
    message: str
    subject: str | None = None
    expected: str | None = None
    actual: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """A remembered correction that spoke on a paper.

    Attributes:
        memory_id: which one.
        followed: whether the value chosen is the one that stands where it was corrected before.
    """

    field: str
    memory_id: str
    followed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What a document says: fields, lines and tax breakdown, each value with confidence and evidence.

    Attributes:
        page_sizes: width and height in points of every page, in order.
        bundle: version of the model bundle used, or None.
        knowledge: version of the knowledge used (supplier memory and ERP hints), or None.
        recalls: the remembered corrections that spoke on it.
        alternatives: by field the best few values that were thought of, the chosen one among them; empty where values
            were not chosen (data), and in what was stored before they were kept.
        words: the words of its pages where a person sees them, if they were asked for; no part of what it says.
    """

    sha256: str
    document_type: DocumentType
    type_confidence: float
    source: Source
    language: str | None
    page_sizes: tuple[tuple[float, float], ...]
    fields: Row
    lines: tuple[Row, ...] = ()
    tax_breakdown: tuple[Row, ...] = ()
    findings: tuple[Remark, ...] = ()
    bundle: str | None = None
    knowledge: str | None = None
    recalls: tuple[Recall, ...] = ()
    alternatives: Mapping[str, tuple[Alternative, ...]] = field(default_factory=dict)
    text: str = field(default="", compare=False)
    words: tuple[Page, ...] = field(default=(), compare=False, repr=False)
