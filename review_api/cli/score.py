"""`clearhold score`: judges the orders that wait, or works out what to order, and opens cases for planners."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from core.decisions import Decision
    from review_api.services import Services
    from triage.planning_flow import Kept
    from triage.score_orders import ScoredOrder

SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what to score, and as of when."""
    parser.description = (
        "Judges what the feeds hold: customers' orders that wait (can they be promised, from where, in time, and will "
        "they be late), demand not as forecast, or what to order from suppliers by the house's model or today's "
        "rule, rounded to what can be ordered. Decisions are kept and what is held gets a case; scoring again decides "
        "nothing twice."
    )
    parser.add_argument("what", choices=("orders", "demand", "replenishment", "invoices"))
    parser.add_argument("--as-of", metavar="DATE", help="a day (its beginning, UTC) or an instant; now if left out")
    parser.add_argument("--limit", type=int, default=SHOWN, metavar="N", help=f"rows of the table ({SHOWN})")
    parser.add_argument("--dry-run", action="store_true", help="only print: store nothing, open no case")
    parser.add_argument("--json", action="store_true", help="print all of it as one JSON document")


def run(args: argparse.Namespace) -> int:
    """Scores and prints, the strictest first."""
    from core.settings import Settings
    from review_api.scoring import as_of_instant
    from review_api.services import build_services

    services = build_services(Settings())
    try:
        as_of = as_of_instant(args.as_of, services)
        return _SCORES[args.what](services, as_of, args)
    finally:
        services.close()


def _orders(services: "Services", as_of: "datetime", args: argparse.Namespace) -> int:
    from review_api import deciding, scoring
    from review_api.cli.operator import operator
    from review_api.cli.progress import progress
    from review_api.cli.text_table import instant

    with progress("orders judged:") as tell:
        scored = scoring.orders(services, as_of=as_of, progress=tell)
    kept = None
    if not args.dry_run:
        with progress("decisions kept:") as tell:
            kept, _ = deciding.orders(services, scored, actor=f"user:{operator()}", progress=tell)
    if args.json:
        return _print_json(as_of, [scoring.order_to_json(one) for one in scored], kept)
    has_model = any(one.prediction is not None for one in scored)
    late = ("late",) if has_model else ()
    headers = ("order", "outcome", "promised", "value", *late, "codes", "why")
    rows = [
        (
            one.facts.order.order_id,
            one.decision.outcome.value,
            instant(one.facts.order.promised_at),
            _value(one),
            *((_probability(one),) if has_model else ()),
            _codes(one.decision),
            _why(one.decision) or _reason(one),
        )
        for one in _strictest_first(scored)
    ]
    print(_summary("orders that wait", [one.decision for one in scored], as_of, kept))
    print_table(headers, rows, args.limit, right=frozenset({"value", "late"}))
    return 0


def _demand(services: "Services", as_of: "datetime", args: argparse.Namespace) -> int:
    from review_api.cli.score_demand import score_demand

    return score_demand(services, as_of, args)


def _replenishment(services: "Services", as_of: "datetime", args: argparse.Namespace) -> int:
    from core.money import plain
    from review_api import deciding, scoring
    from review_api.cli.operator import operator
    from review_api.cli.progress import progress
    from triage.score_replenishment import cleared_cost

    with progress("recommendations judged:") as tell:
        scored = scoring.replenishment(services, as_of=as_of, progress=tell)
    kept = None
    if not args.dry_run:
        with progress("decisions kept:") as tell:
            kept, _ = deciding.replenishment(services, scored, actor=f"user:{operator()}", progress=tell)
    if args.json:
        return _print_json(as_of, [scoring.recommendation_to_json(one) for one in scored], kept)
    headers: tuple[str, ...] = ("item", "place", "outcome", "needed by", "recommended", "to order", "codes", "why")
    rows: list[tuple[str, ...]] = [
        (
            one.facts.recommendation.item_id,
            one.facts.recommendation.location_id,
            one.decision.outcome.value,
            "–" if one.facts.recommendation.needed_by is None else one.facts.recommendation.needed_by.isoformat(),
            plain(one.rounding.recommended),
            plain(one.rounding.ordered),
            _codes(one.decision),
            _why(one.decision) or (one.facts.recommendation.reason or ""),
        )
        for one in _strictest_first(scored)
    ]
    if any(one.planned is not None for one in scored):
        headers = (*headers[:5], "today's rule", *headers[5:])
        ruled = ["–" if one.planned is None else plain(one.planned.todays_rule) for one in _strictest_first(scored)]
        rows = [(*row[:5], rule, *row[5:]) for row, rule in zip(rows, ruled, strict=True)]
    currency = services.policy.replenishment.currency
    print(_summary("recommendations", [one.decision for one in scored], as_of, kept))
    print(f"To order of what clears, at standard cost: {cleared_cost(scored):,.2f} {currency}.")
    print_table(headers, rows, args.limit, right=frozenset({"recommended", "today's rule", "to order"}))
    return 0


def _invoices(services: "Services", as_of: "datetime", args: argparse.Namespace) -> int:
    from review_api.cli.score_invoices import score_invoices

    return score_invoices(services, as_of, args)


_SCORES: "dict[str, Callable[[Services, datetime, argparse.Namespace], int]]" = {
    "orders": _orders,
    "demand": _demand,
    "replenishment": _replenishment,
    "invoices": _invoices,
}


def _strictest_first(scored: "Iterable[Any]") -> "list[Any]":
    return sorted(scored, key=lambda one: -one.decision.outcome.rank)


def _summary(what: str, decisions: "list[Decision]", as_of: "datetime", kept: "Kept | None") -> str:
    counts = Counter(decision.outcome.value for decision in decisions)
    parts = ", ".join(f"{counts[name]:,} {name}" for name in ("block", "hold", "sample", "clear") if counts[name])
    count = f"{len(decisions):,} ({parts})" if parts else "none"
    return f"{what.capitalize()} as of {as_of:%Y-%m-%d %H:%M} UTC: {count}. {done_in_words(kept)}"


def done_in_words(kept: "Kept | None") -> str:
    """What became of cases, in words."""
    if kept is None:
        return "Nothing stored."
    parts = [f"{kept.opened:,} opened"]
    parts += [f"{number:,} {word}" for number, word in ((kept.changed, "changed"), (kept.ended, "ended")) if number]
    before = f"; {kept.as_before:,} as before" if kept.as_before else ""
    return f"Cases: {', '.join(parts)}{before}."


def _value(one: "ScoredOrder") -> str:
    order = one.facts.order
    return "–" if order.order_value is None else f"{order.order_value:,.2f} {order.currency or ''}".rstrip()


def _probability(one: "ScoredOrder") -> str:
    """How likely it misses its promise; a dash where no model spoke."""
    said = one.prediction
    return f"{said.probability:.0%}" if said is not None and 0 <= said.probability <= 1 else "–"


def _reason(one: "ScoredOrder") -> str:
    """The first thing that raises it."""
    reasons = () if one.prediction is None else one.prediction.reasons
    return next((reason.words for reason in reasons if reason.weight > 0), "")


def _codes(decision: "Decision") -> str:
    return " ".join(dict.fromkeys(finding.code for finding in decision.findings)) or "–"


def _why(decision: "Decision") -> str:
    """The first finding that is about the thing itself, else about a feed."""
    own = (finding for finding in decision.findings if not finding.code.startswith("FEED-"))
    first = next(own, decision.findings[0] if decision.findings else None)
    return "" if first is None else first.message


def print_table(
    headers: tuple[str, ...], rows: Sequence[tuple[str, ...]], limit: int, *, right: frozenset[str]
) -> None:
    """Prints the first rows, and how many more there are."""
    from review_api.cli.text_table import text_table

    if rows:
        print(text_table(headers, rows[: max(0, limit)], right=right))
    if len(rows) > max(0, limit):
        print(f"and {len(rows) - max(0, limit):,} more: --limit shows more rows, --json all of it")


def _print_json(as_of: "datetime", scores: list[dict[str, Any]], kept: "Kept | None") -> int:
    from core.canonical import canonical_json
    from review_api.deciding import kept_to_json

    cases = None if kept is None else kept_to_json(kept)
    print(canonical_json({"as_of": as_of, "scores": scores, "kept": cases}))
    return 0
