"""The catalogue of controls: which there are, and `docs/controls.md`, which is made from it.

python -m triage.controls.catalogue > docs/controls.md
"""

from collections.abc import Sequence

from core.decisions import Outcome
from triage.control import CLERK, CatalogueRow, Control
from triage.controls import (
    deposit,
    doc_arithmetic,
    doc_confidence,
    doc_corrected,
    doc_hybrid,
    doc_schema,
    doc_type,
    doc_unreadable,
    erp_block,
    feed_missing,
    feed_stale,
    history,
    interchange,
    inv_currency,
    inv_date,
    inv_duplicate,
    inv_duplicate_likely,
    inv_no_po,
    inv_terms,
    limit_approval,
    limit_split,
    match_charge,
    match_line,
    match_not_received,
    match_overbilled,
    match_price,
    match_quantity,
    match_total,
    po_closed,
    po_supplier,
    po_unknown,
    ship_duplicate,
    ship_item,
    ship_late,
    ship_over,
    ship_po,
    ship_receipt,
    ship_short,
    sup_bank,
    sup_inactive,
    sup_unknown,
    sup_vat,
    tax_rate,
    tax_sum,
)
from triage.planning_control import PLANNER
from triage.planning_controls import ORDER_CONTROLS, RECOMMENDATION_CONTROLS

GROUPS: tuple[tuple[str, tuple[Control, ...]], ...] = (
    (
        "The paper itself",
        (
            doc_unreadable.CONTROL,
            doc_type.CONTROL,
            doc_confidence.CONTROL,
            doc_corrected.CONTROL,
            doc_hybrid.CONTROL,
            doc_schema.CONTROL,
            *interchange.CONTROLS,
            doc_arithmetic.CONTROL,
        ),
    ),
    (
        "The supplier",
        (
            sup_unknown.CONTROL,
            sup_inactive.CONTROL,
            sup_bank.CONTROL,
            sup_vat.CONTROL,
        ),
    ),
    (
        "Seen before",
        (inv_duplicate.CONTROL, inv_duplicate_likely.CONTROL),
    ),
    (
        "The invoice",
        (
            inv_date.CONTROL,
            inv_currency.CONTROL,
            inv_terms.CONTROL,
        ),
    ),
    (
        "The order",
        (
            inv_no_po.CONTROL,
            po_unknown.CONTROL,
            po_closed.CONTROL,
            po_supplier.CONTROL,
        ),
    ),
    (
        "Three-way match",
        (
            match_line.CONTROL,
            match_charge.CONTROL,
            match_price.CONTROL,
            match_quantity.CONTROL,
            match_not_received.CONTROL,
            match_overbilled.CONTROL,
            *deposit.CONTROLS,
            *history.CONTROLS,
            match_total.CONTROL,
        ),
    ),
    (
        "Tax",
        (
            tax_sum.CONTROL,
            tax_rate.CONTROL,
        ),
    ),
    (
        "Limits",
        (
            limit_approval.CONTROL,
            limit_split.CONTROL,
        ),
    ),
    (
        "Shipments",
        (
            ship_po.CONTROL,
            ship_item.CONTROL,
            ship_over.CONTROL,
            ship_short.CONTROL,
            ship_late.CONTROL,
            ship_duplicate.CONTROL,
            ship_receipt.CONTROL,
        ),
    ),
    (
        "The ERP",
        (
            feed_stale.CONTROL,
            feed_missing.CONTROL,
            erp_block.CONTROL,
        ),
    ),
)
"""Every control by what it is about, in the order the page shows them."""

CONTROLS: tuple[Control, ...] = tuple(control for _, group in GROUPS for control in group)
"""Every control of papers. Their order changes nothing."""

FLOORS: tuple[CatalogueRow, ...] = (
    CatalogueRow(
        code="MODEL-REVIEW",
        checks="No model asks for a look",
        formula="probability ≥ `hold_at` of it",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="the review",
    ),
    CatalogueRow(
        code="MODEL-MISSING",
        checks="Every model the policy names has spoken",
        formula="no score, or one that is no probability",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a model that answers",
    ),
    CatalogueRow(
        code="MODEL-RISK",
        checks="An invoice that nobody will probably change or dispute",
        formula="probability ≥ `review_probability`",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="the review",
    ),
    CatalogueRow(
        code="MODEL-LATE",
        checks="A customer's order that will probably keep its promise",
        formula="probability of being late ≥ `late_probability`",
        outcome=Outcome.HOLD,
        released_by=PLANNER,
        lifted_by="another place, service, split or promise",
    ),
    CatalogueRow(
        code="DEMAND-ANOMALY",
        checks="Demand as it was forecast",
        formula="actual outside its forecast interval, within the planner's alert budget",
        outcome=Outcome.HOLD,
        released_by=PLANNER,
        lifted_by="the review",
    ),
    CatalogueRow(
        code="SAMPLE-DRAWN",
        checks="Would clear, and is drawn for a blind check",
        formula="hash of policy seed and paper < share that grows with the amount",
        outcome=Outcome.SAMPLE,
        released_by=CLERK,
        lifted_by="the check",
    ),
)
"""What adds scrutiny beside the controls; decided in `triage.decide`, listed here so that every code is."""

PAPER_ROWS: tuple[CatalogueRow, ...] = (*CONTROLS, *FLOORS)
"""Every row about papers: a code, who releases it, what lifts it."""

PLANNING_ROWS: tuple[CatalogueRow, ...] = (*ORDER_CONTROLS, *RECOMMENDATION_CONTROLS, *FLOORS)
"""Every row about planning; a code may mean papers and orders, and be another person's to release."""

_INTRODUCTION = """# Controls

Made from `triage/controls/` by `python -m triage.controls.catalogue`; do not edit.

A control is a pure function of what it judges (a paper, a customer's order, a recommendation), what the ERP and this
house know about it, and the policy. Codes are permanent and never reused. The outcome is the strictest one a control
asks for; the outcome of what is judged is the strictest of all its findings.
Limits in `code` are tolerances of the policy: a percentage and an amount, the tighter decides, 0 allows none.
Who releases a paper must be allowed to for every code it is held by; the policy's `releases` may say otherwise, but a
block always takes an approver and a second person. Nobody approves what they sent in or corrected, nor a paper of a
supplier whose bank account they changed a short while ago.
"""
_FLOORS_TITLE = "Beside the controls"
_HEAD = ("code", "checks", "finds something when", "outcome", "released by", "lifted by")


def catalogue_page() -> str:
    """The catalogue as a Markdown page: an index, then a table for each subject, every code with an anchor."""
    groups: list[tuple[str, Sequence[CatalogueRow]]] = [
        *GROUPS,
        ("Customers' orders", ORDER_CONTROLS),
        ("Recommendations to replenish", RECOMMENDATION_CONTROLS),
        (_FLOORS_TITLE, FLOORS),
    ]
    index = "".join(f"- {title}: {_index(group)}\n" for title, group in groups)
    met: set[str] = set()
    return _INTRODUCTION + "\n" + index + "".join(_section(title, group, met) for title, group in groups)


def anchor_of(code: str) -> str:
    """Where on the page a code stands: `controls.md#sup-bank`."""
    return code.lower()


def _index(group: Sequence[CatalogueRow]) -> str:
    return " · ".join(f"[{code}](#{anchor_of(code)})" for code in dict.fromkeys(at.code for at in group))


def _section(title: str, group: Sequence[CatalogueRow], met: set[str]) -> str:
    rows = []
    for at in group:
        anchor = "" if at.code in met else f'<a id="{anchor_of(at.code)}"></a>'
        met.add(at.code)
        rows.append((f"{anchor}`{at.code}`", at.checks, at.formula, at.outcome.value, at.released_by, at.lifted_by))
    table = [_HEAD, tuple("---" for _ in _HEAD), *rows]
    return f"\n## {title}\n\n" + "".join(f"| {' | '.join(_cell(cell) for cell in row)} |\n" for row in table)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(catalogue_page(), end="")
