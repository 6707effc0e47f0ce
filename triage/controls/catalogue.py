"""The catalogue of controls: which there are, and `docs/controls.md`, which is made from it.

python -m triage.controls.catalogue > docs/controls.md
"""

from core.decisions import Outcome
from triage.control import CLERK, Control
from triage.controls import (
    doc_arithmetic,
    doc_confidence,
    doc_hybrid,
    doc_schema,
    doc_type,
    doc_unreadable,
    duplicate,
    erp_block,
    feed_missing,
    feed_stale,
    history,
    interchange,
    inv_currency,
    inv_date,
    inv_no_po,
    inv_terms,
    limit_approval,
    match_charge,
    match_line,
    po_closed,
    po_supplier,
    po_unknown,
    ship_item,
    ship_over,
    ship_po,
    sup_bank,
    sup_inactive,
    sup_unknown,
    sup_vat,
    tax_rate,
    tax_sum,
    three_way,
    total,
)

GROUPS: tuple[tuple[str, tuple[Control, ...]], ...] = (
    (
        "The paper itself",
        (
            doc_unreadable.CONTROL,
            doc_type.CONTROL,
            doc_confidence.CONTROL,
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
        (*duplicate.CONTROLS,),
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
            *three_way.CONTROLS,
            *history.CONTROLS,
            *total.CONTROLS,
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
        (limit_approval.CONTROL,),
    ),
    (
        "Shipments",
        (
            ship_po.CONTROL,
            ship_item.CONTROL,
            ship_over.CONTROL,
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
"""Every control. Their order changes nothing."""

FLOORS = (
    ("MODEL-REVIEW", "No model asks for a look", "probability ≥ `hold_at` of it", Outcome.HOLD, CLERK, "the review"),
    (
        "MODEL-MISSING",
        "Every model the policy names has spoken",
        "no score, or one that is no probability",
        Outcome.HOLD,
        CLERK,
        "a model that answers",
    ),
    (
        "SAMPLE-DRAWN",
        "Would clear, and is drawn for a blind check",
        "hash of policy seed and paper < share that grows with the amount",
        Outcome.SAMPLE,
        CLERK,
        "the check",
    ),
)
"""What adds scrutiny beside the controls; decided in `triage.decide`, listed here so that every code is."""

_INTRODUCTION = """# Controls

Made from `triage/controls/` by `python -m triage.controls.catalogue`; do not edit.

A control is a pure function of the paper, its orders, receipts and history, and the policy. Codes are permanent and
never reused. The outcome is the strictest one a control asks for; a paper's outcome is the strictest of all findings.
Limits in `code` are tolerances of the policy: a percentage and an amount, the tighter decides, 0 allows none.
"""
_HEAD = ("code", "checks", "finds something when", "outcome", "released by", "lifted by")


def catalogue_page() -> str:
    """The catalogue as a Markdown page."""
    rows = [(f"`{at.code}`", at.checks, at.formula, at.outcome.value, at.released_by, at.lifted_by) for at in CONTROLS]
    rows += [(f"`{code}`", checks, formula, out.value, who, how) for code, checks, formula, out, who, how in FLOORS]
    table = [_HEAD, tuple("---" for _ in _HEAD), *rows]
    return _INTRODUCTION + "\n" + "".join(f"| {' | '.join(_cell(cell) for cell in row)} |\n" for row in table)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(catalogue_page(), end="")
