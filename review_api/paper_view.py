"""Lays a paper out for the page: sheets with boxes, findings, fields, lines beside order and receipt."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.decisions import Decision, Finding
from core.documents import BILLING_TYPES, SHIPMENT_TYPES, Box, Document, Extraction, Field, Row
from core.money import ZERO, plain, rounded
from review_api.field_view import FieldView, field_views, lines_of
from review_api.presenting import Reader
from review_api.words import field_label, unit_word
from triage.facts import Facts, PaperLine
from triage.match import LineFigures, Match, Pair, pair_lines
from triage.policy import Policy

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
    """A finding, and the row of the page it points to (`f-invoice_number`, `line-3`) when there is one."""

    code: str
    outcome: str
    message: str
    expected: str | None
    actual: str | None
    difference: str | None
    tolerance: str | None
    row: str | None


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
    conversion: str
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
    shown = field_views(extraction, facts, decision, policy=policy, reader=reader, typed=typed or {})
    found = extraction.document_type.value.replace("_", " ")
    return PaperView(
        document=document,
        paper_word=found,
        pages=_sheets(document, extraction, decision, {field.name: field for field in shown}),
        no_pages=f"This {found} came as data ({extraction.source.value.upper()}): there is no page to show."
        if extraction.fields
        else "There is no page to show.",
        findings=tuple(
            _finding_view(finding, {field.name for field in shown}, len(facts.paper.lines))
            for finding in decision.findings
        ),
        nothing_found="No control found anything."
        if decision.outcome == "clear"
        else "No control found anything; the paper was drawn as a sample. Check it as if nobody had.",
        fields=shown,
        lines=_line_views(extraction, facts, decision, policy, reader),
    )


def _sheets(
    document: Document, extraction: Extraction, decision: Decision, shown: Mapping[str, FieldView]
) -> tuple[SheetView, ...]:
    boxes = [
        *(_field_boxes(name, field, shown[name]) for name, field in extraction.fields.items()),
        *(_line_boxes(index, row, shown) for index, row in enumerate(extraction.lines, start=1)),
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


def _line_boxes(index: int, row: Row, shown: Mapping[str, FieldView]) -> Iterable[tuple[int, BoxView]]:
    """Boxes of a line's values lead to the value's own row where it has one, else to the line."""
    for name, field in row.items():
        own = shown.get(f"lines.{index}.{name}")
        kind = "line" if own is None or not own.unsure else "unsure"
        title = f"Line {index}, {field_label(name).lower()}: {field.value}"
        for seen in field.evidence:
            yield seen.page, _box(seen.box, name=own.name if own else f"line-{index}", kind=kind, title=title)


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


def _finding_view(finding: Finding, fields: Collection[str], lines: int) -> FindingView:
    return FindingView(
        code=finding.code,
        outcome=finding.outcome,
        message=finding.message,
        expected=finding.expected,
        actual=finding.actual,
        difference=finding.difference,
        tolerance=finding.tolerance,
        row=_row_of(finding.subject, fields, lines),
    )


def _row_of(subject: str | None, fields: Collection[str], lines: int) -> str | None:
    name = "purchase_order_reference" if subject and subject.startswith("order ") else subject
    if name in fields:
        return f"f-{name}"
    indices = sorted(lines_of(subject))
    return f"line-{indices[0]}" if indices and indices[0] <= lines else None


def _line_views(
    extraction: Extraction, facts: Facts, decision: Decision, policy: Policy, reader: Reader
) -> tuple[LineView, ...]:
    match = pair_lines(facts) if extraction.document_type in BILLING_TYPES | SHIPMENT_TYPES else Match()
    pairs = {pair.paper_line: pair for pair in match.pairs}
    figures = {(one.line.po_number, one.line.line_number): one for one in match.figures}
    asked = {index for finding in decision.findings for index in lines_of(finding.subject)}
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
            _line_view(line, pair, against, is_asked=line.index in asked, unsure=", ".join(unsure), reader=reader)
        )
    return tuple(views)


def _line_view(
    line: PaperLine, pair: Pair | None, against: LineFigures | None, *, is_asked: bool, unsure: str, reader: Reader
) -> LineView:
    difference = _difference(pair, against, reader)
    return LineView(
        index=line.index,
        description=line.description or "",
        item=line.buyer_item_id or line.seller_item_id or line.gtin or "",
        invoiced=_times(line.quantity, line.unit_price, reader),
        ordered=_times(against.line.quantity, against.line.unit_price, reader) if against else "no order line",
        order=f"{pair.po_number} / {pair.line_number}" if pair else "",
        paired_by=pair.reason if pair else "",
        conversion=(pair.conversion or pair.problem or "") if pair else "",
        received=reader.number(against.received) if against else "–",
        difference=difference,
        differs=is_asked or difference not in {"–", "✓"},
        unsure=unsure,
    )


def _difference(pair: Pair | None, against: LineFigures | None, reader: Reader) -> str:
    """Quantity over what is received and not yet billed, and price over the order's; ✓ where both are the same.

    In the unit of the order; a dash where the units do not convert.
    """
    if pair is None or against is None or (pair.quantity is None and pair.problem is not None):
        return "–"
    parts = []
    if pair.quantity is not None and against.invoiced is not None:
        over = against.invoiced - (against.received - against.billed)
        if over:
            sign = "+" if over > 0 else "−"
            parts.append(f"{sign}{reader.number(rounded(abs(over), 4))} {unit_word(against.line.unit)}")
    dearer = ZERO if pair.unit_price is None else rounded(pair.unit_price - against.line.unit_price, 4)
    if dearer:
        parts.append(f"{'+' if dearer > 0 else '−'}{reader.number(abs(dearer))} each")
    return " · ".join(parts) or "✓"


def _times(quantity: Decimal | None, price: Decimal | None, reader: Reader) -> str:
    amount = "?" if quantity is None else reader.number(quantity)
    return amount if price is None else f"{amount} × {reader.value('unit_price', plain(price), None)}"
