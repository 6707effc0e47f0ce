"""The taxonomy of exceptions: every code's meaning, what it is about, whose it is, and where its cases wait. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.decisions import Outcome
from core.documents import BILLING_TYPES, SHIPMENT_TYPES, DocumentType
from triage.control import CatalogueRow, Control, ReleasedBy
from triage.controls.catalogue import CONTROLS, FLOORS, anchor_of
from triage.planning_controls import ORDER_CONTROLS, RECOMMENDATION_CONTROLS
from triage.policy import Policy

PAPERS, SHIPMENTS = "bills", "shipment papers"
ORDERS, RECOMMENDATIONS, DEMAND = "customers' orders", "recommendations", "demand"

_OWNERS = {
    ReleasedBy.CLERK: "ap_clerk",
    ReleasedBy.LIMIT_HOLDER: "ap_approver",
    ReleasedBy.APPROVER: "ap_approver",
    ReleasedBy.PLANNER: "planner",
    ReleasedBy.NOBODY: "the ERP",
}
_FLOORS_ABOUT = {"MODEL-LATE": ORDERS, "DEMAND-ANOMALY": DEMAND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of exceptions.

    Attributes:
        meaning: what the control checks, and what it found when it speaks.
        about: what kinds of things it is found in.
        owner: the role that releases it.
        default_queue: where its cases wait, where nothing but this code decides the route.
    """

    code: str
    meaning: str
    about: tuple[str, ...]
    outcome: Outcome
    owner: str
    default_queue: str


def categories(policy: Policy) -> tuple[Category, ...]:
    """Every category under a policy, by code. One that means papers and orders has its strictest row first."""
    found: dict[str, Category] = {}
    for row, about in _rows():
        earlier = found.get(row.code)
        if earlier is not None:
            merged = tuple(dict.fromkeys((*earlier.about, *about)))
            found[row.code] = _category(row_of(row.code), merged, policy)
        else:
            found[row.code] = _category(row, about, policy)
    return tuple(found[code] for code in sorted(found))


def row_of(code: str) -> CatalogueRow:
    """The first row of the catalogue that has this code."""
    return next(row for row, _ in _rows() if row.code == code)


def taxonomy_page(policy: Policy) -> str:
    """The taxonomy as a Markdown page."""
    lines = [
        "# Exception categories",
        "",
        "Made from `triage/controls/` and the built-in policy by `python -m review_api.reference`; do not edit. Codes",
        "are permanent. The queue is the one a case waits in where only this code decides; a policy's routes may say",
        "otherwise, and `GET /v1/taxonomy` says what holds under the policy in force.",
        "",
        "| code | meaning: it is not so that | found in | outcome | owner | default queue |",
        "|---|---|---|---|---|---|",
    ]
    for one in categories(policy):
        code = f"[`{one.code}`](controls.md#{anchor_of(one.code)})"
        cells = (code, one.meaning, ", ".join(one.about), one.outcome.value, one.owner, one.default_queue)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _rows() -> Iterator[tuple[CatalogueRow, tuple[str, ...]]]:
    for control in CONTROLS:
        yield control, _about(control)
    for row in FLOORS:
        yield row, (_FLOORS_ABOUT.get(row.code, PAPERS),)
    for row in ORDER_CONTROLS:
        yield row, (ORDERS,)
    for row in RECOMMENDATION_CONTROLS:
        yield row, (RECOMMENDATIONS,)


def _about(control: Control) -> tuple[str, ...]:
    is_bill, is_shipment = bool(control.types & BILLING_TYPES), bool(control.types & SHIPMENT_TYPES)
    found = tuple(name for name, holds in ((PAPERS, is_bill), (SHIPMENTS, is_shipment)) if holds)
    return found or (PAPERS,)


def _category(row: CatalogueRow, about: Sequence[str], policy: Policy) -> Category:
    is_planners = PAPERS not in about
    is_clerks = row.released_by is ReleasedBy.CLERK
    return Category(
        code=row.code,
        meaning=row.checks,
        about=tuple(about),
        outcome=row.outcome,
        owner="planner" if is_planners and is_clerks else _OWNERS[row.released_by],
        default_queue=_queue(row.code, about[0], policy),
    )


def _queue(code: str, about: str, policy: Policy) -> str:
    """Where the policy's first route without other conditions sends it; planners' things where it sends them all."""
    if about in {ORDERS, RECOMMENDATIONS, DEMAND}:
        return policy.planning.queue
    kind = DocumentType.DELIVERY_NOTE if about == SHIPMENTS else DocumentType.INVOICE
    return next(
        route.queue
        for route in policy.routes
        if not (route.kinds or route.supplier_ids or route.legal_entities or route.min_amount)
        and (not route.codes or code in route.codes)
        and (not route.document_types or kind in route.document_types)
    )
