"""`clearhold score invoices`: which bills that wait to be settled a person will probably change or dispute."""

import argparse
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from review_api.services import Services


def score_invoices(services: "Services", as_of: "datetime", args: argparse.Namespace) -> int:
    """Scores, keeps what a model spoke of unless only printing was asked for, and prints the riskiest first."""
    from core.canonical import canonical_json
    from review_api import deciding, invoice_scoring
    from review_api.cli.operator import operator
    from review_api.cli.progress import progress
    from review_api.cli.score import done_in_words, print_table

    found = invoice_scoring.invoices(services, as_of=as_of)
    scored, kept = found.bills, None
    if not args.dry_run:
        with progress("decisions kept:") as tell:
            kept, _ = deciding.invoices(services, scored, actor=f"user:{operator()}", progress=tell)
    told = [invoice_scoring.bill_to_json(one) for one in scored]
    if args.json:
        done = None if kept is None else deciding.kept_to_json(kept)
        print(canonical_json({"as_of": as_of, "scores": told, "kept": done}))
        return 0
    counts = Counter(one["outcome"] for one in told)
    parts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
    print(
        f"Bills that wait as of {as_of:%Y-%m-%d %H:%M} UTC: {len(told):,}{f' ({parts})' if parts else ''}. "
        f"{done_in_words(kept)}"
    )
    if found.problem is not None or not any(one.prediction is not None for one in scored):
        print(f"No model spoke. {_why_not(services, found.problem)}")
    riskiest = sorted(told, key=lambda one: -(one["probability"] or 0.0))
    headers = ("supplier", "invoice", "total", "disputed", "outcome", "why")
    rows = [
        (
            *(one["supplier_id"], one["invoice_number"], f"{one['total_with_vat']} {one['currency'] or ''}".rstrip()),
            "–" if one["probability"] is None else f"{one['probability']:.0%}",
            *(one["outcome"], "; ".join(reason["words"] for reason in one["reasons"][:2])),
        )
        for one in riskiest
    ]
    print_table(headers, rows, args.limit, right=frozenset({"total", "disputed"}))
    return 0


def _why_not(services: "Services", problem: "Exception | None") -> str:
    error = problem or services.bundles.problem("review")
    if error is not None:
        return str(error)
    if not services.policy.predictions.review.use:
        return "The policy lets it not: [predictions.review] use = false."
    return "There is none in this house: clearhold-train review --promote."
