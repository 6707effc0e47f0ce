"""Lays a paper out for the page: sheets with boxes, findings, fields, lines beside order and receipt."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.decisions import Decision, Finding
from core.documents import BILLING_TYPES, SHIPMENT_TYPES, Box, Document, Extraction, Field, Row
from core.money import plain
from review_api.presenting import AMOUNT_FIELDS, Reader, field_label, percent
from triage.facts import Facts, PaperLine
from triage.match import LineFigures, Match, Pair, pair_lines
from triage.policy import Policy

_BILLING_ORDER = (
    "seller_name", "invoice_number", "issue_date", "due_date", "purchase_order_reference", "currency",
    "total_without_vat", "total_vat", "total_with_vat", "prepaid_amount", "amount_due", "payment_iban",
    "payment_reference", "payment_terms", "seller_vat_id", "seller_address", "buyer_name", "buyer_vat_id",
    "buyer_address", "delivery_date", "despatch_advice_reference",
)  # fmt: skip
_SHIPMENT_ORDER = (
    "shipper_name", "shipment_number", "purchase_order_reference", "despatch_date", "delivery_date", "carrier_name",
    "tracking_number", "package_count", "gross_weight", "gross_weight_unit", "net_weight", "consignee_name",
    "consignee_address", "shipper_address", "container_number", "seal_number", "bill_of_lading_number",
)  # fmt: skip
_BOX_MARGIN = 1.5
_SHOWN_LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxView:
    """A box over the page, in points: `name` is the field it belongs to, `kind` how it looks."""

    name: str
    kind: str
    title: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """A page's image and the boxes over it."""

    number: int
    width: float
    height: float
    src: str
    boxes: tuple[BoxView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding, and the field it points to when the page shows one."""

    code: str
    outcome: str
    message: str
    expected: str | None
    actual: str | None
    difference: str | None
    tolerance: str | None
    field: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field's row: `was` is its value as read, `value` what stands in the box now, `percent` None when not found."""

    name: str
    label: str
    value: str
    was: str
    shown: str
    percent: int | None
    unsure: bool
    asked: bool
    numeric: bool
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line of the paper beside its order line and what was received; ready to be read."""

    index: int
    description: str
    item: str
    invoiced: str
    ordered: str
    order: str
    paired_by: str
    received: str
    difference: str
    differs: bool
    unsure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """Everything of a paper that is the same whether it was held or cleared."""

    document: Document
    paper_word: str
    pages: tuple[SheetView, ...]
    no_pages: str
    findings: tuple[FindingView, ...]
    nothing_found: str
    fields: tuple[FieldView, ...]
    lines: tuple[LineView, ...]


def paper_view(
    document: Document,
    extraction: Extraction,
    decision: Decision,
    facts: Facts,
    *,
    policy: Policy,
    reader: Reader,
    typed: dict[str, str] | None = None,
) -> PaperView:
    """Lays the paper out.

    Args:
        typed: what the person had typed into fields when something went wrong; typing is never lost.
    """
    shown = _field_views(extraction, facts, decision, policy=policy, reader=reader, typed=typed or {})
    found = extraction.document_type.value.replace("_", " ")
    return PaperView(
        document=document,
        paper_word=found,
        pages=_sheets(document, extraction, decision, {field.name: field for field in shown}),
        no_pages=f"This {found} came as data ({extraction.source.value.upper()}): there is no page to show."
        if extraction.fields
        else "There is no page to show.",
        findings=tuple(_finding_view(finding, {field.name for field in shown}) for finding in decision.findings),
        nothing_found="No control found anything."
        if decision.outcome == "clear"
        else "No control found anything; the paper was drawn as a sample. Check it as if nobody had.",
        fields=shown,
        lines=_line_views(extraction, facts, decision, policy, reader),
    )


def _field_views(
    extraction: Extraction, facts: Facts, decision: Decision, *, policy: Policy, reader: Reader, typed: dict[str, str]
) -> tuple[FieldView, ...]:
    order = _SHIPMENT_ORDER if extraction.document_type in SHIPMENT_TYPES else _BILLING_ORDER
    rules = policy.documents.get(extraction.document_type)
    needed = {*(rules.required if rules else ()), *typed}
    subjects = {finding.subject for finding in decision.findings}
    names = [name for name in order if name in extraction.fields or name in needed]
    names += sorted((set(extraction.fields) | needed) - set(names))
    views = []
    for name in names:
        field, text = extraction.fields.get(name), typed.get(name)
        was = field.value if field else ""
        value = was if text is None else text
        views.append(
            FieldView(
                name=name,
                label=field_label(name),
                value=value,
                was=was,
                shown=reader.value(name, value, facts.paper.currency) if value else "not found",
                percent=None if field is None else percent(field.confidence),
                unsure=field is None or field.confidence < policy.confidence.of_field(name),
                asked=name in subjects,
                numeric=name in AMOUNT_FIELDS,
                reasons=", ".join(field.reasons) if field else "not on the paper, or not found",
            )
        )
    return tuple(views)


def _sheets(
    document: Document, extraction: Extraction, decision: Decision, shown: dict[str, FieldView]
) -> tuple[SheetView, ...]:
    boxes = [
        *(_field_boxes(name, field, shown[name]) for name, field in extraction.fields.items()),
        *(_line_boxes(index, row) for index, row in enumerate(extraction.lines, start=1)),
        _finding_boxes(decision.findings),
    ]
    placed = [placed for some in boxes for placed in some]
    return tuple(
        SheetView(
            number=number,
            width=width,
            height=height,
            src=f"/v1/documents/{document.document_id}/pages/{number}.png",
            boxes=tuple(box for page, box in placed if page == number),
        )
        for number, (width, height) in enumerate(extraction.page_sizes, start=1)
    )


def _field_boxes(name: str, field: Field, shown: FieldView) -> Iterable[tuple[int, BoxView]]:
    kind = "unsure" if shown.unsure else "read"
    title = f"{shown.label}: {field.value}"
    return [(seen.page, _box(seen.box, name=name, kind=kind, title=title)) for seen in field.evidence]


def _line_boxes(index: int, row: Row) -> Iterable[tuple[int, BoxView]]:
    for name, field in row.items():
        title = f"Line {index}, {field_label(name).lower()}: {field.value}"
        for seen in field.evidence:
            yield seen.page, _box(seen.box, name=f"line-{index}", kind="line", title=title)


def _finding_boxes(findings: Iterable[Finding]) -> Iterable[tuple[int, BoxView]]:
    for finding in findings:
        for seen in finding.evidence:
            yield (
                seen.page,
                _box(seen.box, name="", kind=f"found {finding.outcome}", title=finding.message),
            )


def _box(box: Box, *, name: str, kind: str, title: str) -> BoxView:
    return BoxView(
        name=name,
        kind=kind,
        title=title,
        x=round(box.x0 - _BOX_MARGIN, 1),
        y=round(box.top - _BOX_MARGIN, 1),
        width=round(max(box.x1 - box.x0, 1) + 2 * _BOX_MARGIN, 1),
        height=round(max(box.bottom - box.top, 1) + 2 * _BOX_MARGIN, 1),
    )


def _finding_view(finding: Finding, names: set[str]) -> FindingView:
    return FindingView(
        code=finding.code,
        outcome=finding.outcome,
        message=finding.message,
        expected=finding.expected,
        actual=finding.actual,
        difference=finding.difference,
        tolerance=finding.tolerance,
        field=finding.subject if finding.subject in names else None,
    )


def _line_views(
    extraction: Extraction, facts: Facts, decision: Decision, policy: Policy, reader: Reader
) -> tuple[LineView, ...]:
    match = pair_lines(facts) if extraction.document_type in BILLING_TYPES | SHIPMENT_TYPES else Match()
    pairs = {pair.paper_line: pair for pair in match.pairs}
    figures = {(one.line.po_number, one.line.line_number): one for one in match.figures}
    asked = {finding.subject for finding in decision.findings}
    views = []
    for line in facts.paper.lines[:_SHOWN_LINES]:
        pair = pairs.get(line.index)
        against = figures.get((pair.po_number, pair.line_number)) if pair else None
        row = extraction.lines[line.index - 1] if line.index <= len(extraction.lines) else {}
        unsure = [
            field_label(name).lower()
            for name, field in row.items()
            if field.confidence < policy.confidence.of_line_field(name)
        ]
        views.append(
            _line_view(
                line, pair, against, is_asked=f"line {line.index}" in asked, unsure=", ".join(unsure), reader=reader
            )
        )
    return tuple(views)


def _line_view(
    line: PaperLine, pair: Pair | None, against: LineFigures | None, *, is_asked: bool, unsure: str, reader: Reader
) -> LineView:
    difference = _difference(line, against, reader)
    return LineView(
        index=line.index,
        description=line.description or "",
        item=line.buyer_item_id or line.seller_item_id or line.gtin or "",
        invoiced=_times(line.quantity, line.unit_price, reader),
        ordered=_times(against.line.quantity, against.line.unit_price, reader) if against else "no order line",
        order=f"{pair.po_number} / {pair.line_number}" if pair else "",
        paired_by=f"paired by {pair.why} ({pair.score})" if pair else "",
        received=reader.number(against.received) if against else "–",
        difference=difference,
        differs=is_asked or difference not in {"–", "✓"},
        unsure=unsure,
    )


def _difference(line: PaperLine, against: LineFigures | None, reader: Reader) -> str:
    """Quantity over what is received and not yet billed, and price over the order's; ✓ where both are the same."""
    if against is None:
        return "–"
    parts = []
    if line.quantity is not None and against.invoiced is not None:
        over = against.invoiced - (against.received - against.billed)
        if over:
            parts.append(f"{over:+} {line.unit or 'pcs'}" if over == over.to_integral() else f"{over:+f}")
    if line.unit_price is not None and line.unit_price != against.line.unit_price:
        dearer = line.unit_price - against.line.unit_price
        parts.append(f"{'+' if dearer > 0 else '−'}{reader.number(abs(dearer))} each")
    return " · ".join(parts) or "✓"


def _times(quantity: Decimal | None, price: Decimal | None, reader: Reader) -> str:
    amount = "?" if quantity is None else reader.number(quantity)
    return amount if price is None else f"{amount} × {reader.value('unit_price', plain(price), None)}"
