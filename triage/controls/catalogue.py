"""The catalogue of controls: which there are, and `docs/controls.md`, which is made from it.

python -m triage.controls.catalogue > docs/controls.md
"""

from core.decisions import Outcome
from triage.control import CLERK, Control
from triage.controls import (
    arithmetic,
    document,
    duplicate,
    erp,
    feeds,
    history,
    interchange,
    invoice,
    limits,
    lines,
    order,
    shipment,
    supplier,
    tax,
    three_way,
    total,
)

CONTROLS: tuple[Control, ...] = (
    *document.CONTROLS,
    *interchange.CONTROLS,
    *arithmetic.CONTROLS,
    *supplier.CONTROLS,
    *duplicate.CONTROLS,
    *invoice.CONTROLS,
    *order.CONTROLS,
    *lines.CONTROLS,
    *three_way.CONTROLS,
    *history.CONTROLS,
    *total.CONTROLS,
    *tax.CONTROLS,
    *limits.CONTROLS,
    *shipment.CONTROLS,
    *feeds.CONTROLS,
    *erp.CONTROLS,
)
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
