"""Lays a paper out for the page: sheets with boxes, findings, and the views of fields, lines and copies."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.decisions import Decision, Finding
from core.documents import Box, Document, Extraction, Field, Row
from review_api.field_view import FieldView, field_views, lines_of, other_fields
from review_api.grid_view import GridView, grid_view
from review_api.match_view import MatchView, match_view
from review_api.presenting import Reader
from review_api.twin_view import TwinView, twin_views
from review_api.words import field_label, kind_word
from triage.facts import Facts
from triage.policy import Policy

_BOX_MARGIN = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxView:
    """A box over the page, in points: `name` is the value it belongs to, `row` where that is shown, `kind` its look."""

    name: str
    row: str
    kind: str
    title: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """A page's image, the boxes over it, and where its words are to be had."""

    number: int
    width: float
    height: float
    src: str
    words: str
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
class PaperView:
    """Everything of a paper that is the same whether it was held or cleared."""

    document: Document
    paper_word: str
    pages: tuple[SheetView, ...]
    no_pages: str
    findings: tuple[FindingView, ...]
    nothing_found: str
    fields: tuple[FieldView, ...]
    other_fields: tuple[str, ...]
    match: MatchView
    grid: GridView
    twins: tuple[TwinView, ...]


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
    found = reader.say(kind_word(extraction.document_type))
    names, lines = {field.name for field in shown}, {line.index for line in facts.paper.lines}
    return PaperView(
        document=document,
        paper_word=found,
        pages=_sheets(
            document, extraction, decision, {field.name: field for field in shown}, policy=policy, reader=reader
        ),
        no_pages=reader.say(
            "This %(paper)s came as data (%(kind)s): there is no page to show.",
            paper=found,
            kind=extraction.source.value.upper(),
        )
        if extraction.fields
        else reader.say("There is no page to show."),
        findings=tuple(_finding_view(finding, names, lines) for finding in decision.findings),
        nothing_found=reader.say("No control found anything.")
        if decision.outcome == "clear"
        else reader.say("No control found anything; the paper was drawn as a sample. Check it as if nobody had."),
        fields=shown,
        other_fields=other_fields(extraction, shown),
        match=match_view(extraction, facts, decision, policy=policy, reader=reader),
        grid=grid_view(extraction, policy=policy, reader=reader, typed=typed or {}),
        twins=twin_views(facts, decision.findings, policy=policy, reader=reader),
    )


def _sheets(
    document: Document,
    extraction: Extraction,
    decision: Decision,
    shown: Mapping[str, FieldView],
    *,
    policy: Policy,
    reader: Reader,
) -> tuple[SheetView, ...]:
    boxes = [
        *(_field_boxes(name, field, shown[name]) for name, field in extraction.fields.items()),
        *(_line_boxes(index, row, policy, reader) for index, row in enumerate(extraction.lines, start=1)),
        _finding_boxes(decision.findings),
    ]
    placed = [placed for some in boxes for placed in some]
    return tuple(
        SheetView(
            number=number,
            width=width,
            height=height,
            src=f"/v1/documents/{document.document_id}/pages/{number}.png",
            words=f"/v1/documents/{document.document_id}/pages/{number}/words",
            boxes=tuple(box for page, box in placed if page == number),
        )
        for number, (width, height) in enumerate(extraction.page_sizes, start=1)
    )


def _field_boxes(name: str, field: Field, shown: FieldView) -> Iterable[tuple[int, BoxView]]:
    kind = "unsure" if shown.unsure else "read"
    title = f"{shown.label}: {field.value}"
    return [(seen.page, _box(seen.box, name=name, kind=kind, title=title)) for seen in field.evidence]


def _line_boxes(index: int, row: Row, policy: Policy, reader: Reader) -> Iterable[tuple[int, BoxView]]:
    for name, field in row.items():
        unsure = field.confidence < float(policy.confidence.of_line_field(name))
        label = reader.say("Line %(index)s: %(field)s", index=index, field=reader.say(field_label(name)).lower())
        for seen in field.evidence:
            box = _box(
                seen.box,
                name=f"lines.{index}.{name}",
                kind="unsure" if unsure else "line",
                title=f"{label}: {field.value}",
                row=f"line-{index}",
            )
            yield seen.page, box


def _finding_boxes(findings: Iterable[Finding]) -> Iterable[tuple[int, BoxView]]:
    for finding in findings:
        for seen in finding.evidence:
            yield (
                seen.page,
                _box(seen.box, name="", kind=f"found {finding.outcome}", title=finding.message),
            )


def _box(box: Box, *, name: str, kind: str, title: str, row: str | None = None) -> BoxView:
    return BoxView(
        name=name,
        row=row or f"f-{name}",
        kind=kind,
        title=title,
        x=round(box.x0 - _BOX_MARGIN, 1),
        y=round(box.top - _BOX_MARGIN, 1),
        width=round(max(box.x1 - box.x0, 1) + 2 * _BOX_MARGIN, 1),
        height=round(max(box.bottom - box.top, 1) + 2 * _BOX_MARGIN, 1),
    )


def _finding_view(finding: Finding, fields: Collection[str], lines: Collection[int]) -> FindingView:
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


def _row_of(subject: str | None, fields: Collection[str], lines: Collection[int]) -> str | None:
    name = "purchase_order_reference" if subject and subject.startswith("order ") else subject
    if name in fields:
        return f"f-{name}"
    indices = sorted(lines_of(subject) & {*lines})
    return f"line-{indices[0]}" if indices else None
