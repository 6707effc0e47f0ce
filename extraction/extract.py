"""Turns a reading into an extraction: fields and lines, each with its value, how sure it is, and where it stands.

A pure function of the reading and the bundle: nothing is stored, no clock is read, the same bytes give the same answer.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from core.documents import BILLING_TYPES, SHIPMENT_TYPES, DocumentType, Extraction, Reading, Source
from extraction.alternatives import alternatives
from extraction.bundle import Bundle, default_bundle
from extraction.candidates import MONEY_FIELDS, Candidate, find_candidates
from extraction.candidates_freight import with_freight
from extraction.candidates_parties import find_parties
from extraction.decode import Choice, decode
from extraction.document_type import tell_document_type
from extraction.features import KINDS, Scene, set_scene
from extraction.fields import fields_from_choices
from extraction.knowledge import EMPTY, Knowledge
from extraction.knowledge_recall import NOTHING, Recalled, recall
from extraction.labels import find_labels
from extraction.language import guess_language
from extraction.layout import Layout, lay_out
from extraction.lines import read_lines
from extraction.lines_tax import read_tax_breakdown
from extraction.scorer import Scored, score_field
from extraction.values import currency_code, settle_locale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BILLING_FIELDS = (
    "invoice_number",
    "issue_date",
    "due_date",
    "delivery_date",
    "purchase_order_reference",
    "despatch_advice_reference",
    "seller_vat_id",
    "buyer_vat_id",
    "payment_iban",
    "payment_reference",
    "seller_name",
    "buyer_name",
    *MONEY_FIELDS,
)
_SHIPMENT_FIELDS = (
    "shipment_number",
    "bill_of_lading_number",
    "purchase_order_reference",
    "despatch_date",
    "delivery_date",
    "tracking_number",
    "container_number",
    "seal_number",
    "shipper_name",
    "consignee_name",
    "carrier_name",
    "package_count",
    "gross_weight",
    "net_weight",
)
_ORDER_FIELDS = ("purchase_order_reference", "delivery_date")


def extract(
    reading: Reading, *, bundle: Bundle | None = None, ignore_embedded: bool = False, knowledge: Knowledge = EMPTY
) -> Extraction:
    """Reads what a document says: from its e-invoice data when it carries some, otherwise from its pages.

    Args:
        bundle: the trained models; the one shipped with the program when none is given.
        ignore_embedded: read only what a person would see, even when the document carries data; of a paper that is
            nothing but data, a person sees that.
        knowledge: what the house knows besides the paper; never needed.

    Raises:
        InputError: the e-invoice data cannot be read (`DOC-XML-…`), or the interchange cannot (`DOC-EDI-…`).
        UnavailableError: `BUNDLE-MISSING` or `BUNDLE-CHECKSUM`.
    """
    if reading.edi is not None:
        from extraction.structured import parse_edi

        return parse_edi(reading.edi, reading.media_type, reading.sha256)
    if reading.xml is not None and (not ignore_embedded or not reading.pages):
        from extraction.evidence import with_evidence
        from extraction.structured import parse_einvoice

        einvoice = with_evidence(parse_einvoice(reading.xml, reading.sha256), reading)
        return _compared(einvoice, reading, bundle) if reading.pages else einvoice
    return _from_pages(reading, bundle or default_bundle(), knowledge)


def _compared(einvoice: Extraction, reading: Reading, bundle: Bundle | None) -> Extraction:
    """A hybrid is read twice: its data are the values, its pages are held against them."""
    from extraction.hybrid import differences

    seen = _from_pages(reading, bundle or default_bundle())
    return replace(einvoice, findings=(*einvoice.findings, *differences(einvoice, seen, reading)))


def billing_or_shipment_fields(document_type: DocumentType) -> tuple[str, ...]:
    """The scored fields that a kind of paper has."""
    if document_type is DocumentType.PURCHASE_ORDER:
        return _ORDER_FIELDS
    return (
        _BILLING_FIELDS if document_type in BILLING_TYPES or document_type is DocumentType.OTHER else _SHIPMENT_FIELDS
    )


def scene_of(reading: Reading, knowledge: Knowledge = EMPTY) -> tuple[Scene, str | None]:
    """The document measured, and its language; training sees exactly what extraction sees."""
    layout = lay_out(reading)
    texts = [word.text for word in layout.words]
    language = guess_language(texts)
    locale = settle_locale(texts, language=language, currency=_first_currency(layout))
    labels = find_labels(layout)
    candidates, parties = find_candidates(layout, labels, locale), find_parties(layout, labels)
    candidates = with_freight(layout, labels, locale, candidates)
    recalled = recall(layout, locale, candidates, parties, knowledge, kinds=KINDS)
    scene = set_scene(layout, locale, labels, (*candidates, *recalled.candidates), (*parties, *recalled.parties))
    return replace(scene, recalled=recalled), language


def _from_pages(reading: Reading, bundle: Bundle, knowledge: Knowledge = EMPTY) -> Extraction:
    scene, language = scene_of(reading, knowledge)
    document_type, type_confidence = tell_document_type(scene, has_totals=has_totals(scene))
    wanted = billing_or_shipment_fields(document_type)
    # What was corrected before is looked for even on a paper whose kind was told wrong.
    recalled = scene.recalled or NOTHING
    scored = weigh(scene, bundle, tuple(dict.fromkeys((*wanted, *recalled.found))))
    choices = decode(scored)
    source = Source.OCR if scene.layout.is_ocr else Source.TEXT_LAYER
    lines = read_lines(scene, bundle, source, shipment=document_type in SHIPMENT_TYPES)
    taxes = read_tax_breakdown(scene, source)
    fields = fields_from_choices(scene, choices, bundle, source)
    return Extraction(
        sha256=reading.sha256,
        document_type=document_type,
        type_confidence=type_confidence,
        source=source,
        language=language,
        page_sizes=scene.layout.page_sizes,
        fields=fields,
        lines=lines,
        tax_breakdown=taxes,
        bundle=bundle.version,
        knowledge=knowledge.version,
        recalls=recalled.recalls({name: choice.candidate for name, choice in choices.items()}),
        alternatives=alternatives(scene, scored, fields),
        text="\n".join(row.text for row in scene.layout.rows),
    )


def choose(scene: Scene, bundle: Bundle, wanted: "Sequence[str]") -> "Mapping[str, Choice]":
    """Scores every candidate for every wanted field and decodes them together."""
    return decode(weigh(scene, bundle, wanted))


def weigh(scene: Scene, bundle: Bundle, wanted: "Sequence[str]") -> "Mapping[str, Sequence[Scored]]":
    """Every candidate for every wanted field, with all that is known of it, the likeliest first."""
    scored: dict[str, Sequence[Scored]]
    scored = {field: score_field(scene, field, bundle.model(field)) for field in wanted if field in KINDS}
    recalled = scene.recalled or NOTHING
    if recalled is not NOTHING:
        scored = {
            field: _weighed(recalled, field, ranking, bundle) if recalled.speaks_of(field, KINDS[field]) else ranking
            for field, ranking in scored.items()
        }
    return scored


def _weighed(recalled: Recalled, field: str, ranking: "Sequence[Scored]", bundle: Bundle) -> tuple[Scored, ...]:
    """The ranking with what is known beside the paper added to each score."""
    again = [
        Scored(
            candidate=one.candidate,
            log_odds=recalled.weighed(field, one.candidate, one.log_odds, bundle.knowledge),
        )
        for one in ranking
    ]
    return tuple(sorted(again, key=lambda one: -one.log_odds))


def _first_currency(layout: Layout) -> str | None:
    return next((code for word in layout.words if (code := currency_code(word.text))), None)


def has_totals(scene: Scene) -> bool:
    """Whether a net, a tax and a gross amount that add up by a usual rate stand on the pages."""
    amounts: tuple[Candidate, ...] = scene.candidates.get("amount", ())
    return any(amount.number is not None and scene.roles.roles(amount.number)[2] == 1 for amount in amounts)
