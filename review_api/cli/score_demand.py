"""`clearhold score demand`: shows planners the demand that was not as forecast, within their budgets of alerts."""

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from review_api.services import Services


def score_demand(services: "Services", as_of: "datetime", args: argparse.Namespace) -> int:
    """Scores, keeps what is news unless only printing was asked for, and prints the costliest first."""
    from core.canonical import canonical_json
    from review_api import deciding, demand_scoring
    from review_api.cli.operator import operator
    from review_api.cli.progress import progress
    from review_api.cli.score import done_in_words, print_table

    scored = demand_scoring.demand(services, as_of=as_of)
    kept = None
    if not args.dry_run:
        with progress("decisions kept:") as tell:
            kept, _ = deciding.demand(services, scored.shown, actor=f"user:{operator()}", progress=tell)
    if args.json:
        told = demand_scoring.alerts_to_json(scored) | {"kept": None if kept is None else deciding.kept_to_json(kept)}
        print(canonical_json({"as_of": as_of} | told))
        return 0
    found = scored.scored
    print(
        f"Demand of {found.judged_from} to {found.judged_to}, {found.series:,} items at places, by {found.model}: "
        f"{found.found:,} not as forecast, {len(scored.shown):,} within planners' budgets. {done_in_words(kept)}"
    )
    for note in found.notes:
        print(note)
    headers = ("item", "place", "days", "kind", "sold", "expected", "money", "planner", "what")
    right = frozenset({"sold", "expected", "money"})
    print_table(headers, [_row(demand_scoring.alert_to_json(one)) for one in scored.shown], args.limit, right=right)
    return 0


def _row(told: "dict[str, Any]") -> tuple[str, ...]:
    days = told["first"] if told["first"] == told["last"] else f"{told['first']} – {told['last']}"
    kind = told["kind"].replace("_", " ")
    return (
        *(told["item_id"], told["location_id"], days, kind, told["actual"], told["expected"]),
        *(f"{told['money']} {told['currency']}", told["planner"], told["words"]),
    )
