"""Prints what a preview says: the matrix, each move with its money and causes, suppliers, and the error estimate."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from review_api.cli.text_table import text_table

OUTCOMES = ("clear", "sample", "hold", "block")
SHOWN_CODES, SHOWN_EXAMPLES, SHOWN_SUPPLIERS = 8, 5, 10


def preview_table(result: Mapping[str, Any]) -> str:
    """The whole of it, for a terminal."""
    parts = [_head(result), _matrix(result["matrix"])]
    parts += [_move(move) for move in result["moves"]] or ["Nothing would move."]
    if result["suppliers"]:
        parts.append(_suppliers(result["suppliers"]))
    parts.append(_errors(result["error"]))
    return "\n\n".join(parts)


def _head(result: Mapping[str, Any]) -> str:
    window = result["window"]
    when = " ".join(f"{name} {at[:10]}" for name, at in window.items() if at is not None)
    said = f"{result['papers']:,} papers{f' decided {when}' if when else ''}, as each was decided last"
    said += f", under {result['draft']['policy_hash'][:12]}… instead of {result['base']['policy_hash'][:12]}…"
    if result["re_decided"]:
        said += f"; {result['re_decided']:,} had been decided otherwise and were judged under today's policy first"
    if result["unread"]:
        said += f"; {result['unread']:,} cannot be read by these rules and are left out"
    return said + "."


def _matrix(matrix: Mapping[str, Mapping[str, int]]) -> str:
    rows = [(before, *(f"{matrix[before][after]:,}" for after in OUTCOMES)) for before in OUTCOMES]
    heads = ("now \\ then", *OUTCOMES)
    return text_table(heads, rows, right=frozenset(OUTCOMES))


def _move(move: Mapping[str, Any]) -> str:
    money = ", ".join(_money(one) for one in move["money"]) or "no total known"
    lines = [f"{move['from']} → {move['to']}: {move['papers']:,} papers, {money}"]
    codes = [
        f"{one['code']} {'no more' if one['change'] == 'lifted' else 'new'} on {one['papers']:,}"
        for one in move["codes"][:SHOWN_CODES]
    ]
    lines += [f"  because {'; '.join(codes)}"] if codes else []
    rows = [
        (
            f"  {one['case_id'] or one['document_id']}",
            one["supplier"] or "–",
            one["number"] or "–",
            "–" if one["total"] is None else f"{Decimal(one['total']):,.2f} {one['currency'] or ''}".strip(),
            " ".join([*(f"-{code}" for code in one["lifted"]), *(f"+{code}" for code in one["added"])]),
        )
        for one in move["examples"][:SHOWN_EXAMPLES]
    ]
    table = text_table(("  most money", "supplier", "number", "total", "why"), rows, right=frozenset({"total"}))
    return "\n".join([*lines, table])


def _suppliers(suppliers: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            one["supplier"] or one["supplier_id"] or "supplier unknown",
            f"{one['papers']:,}",
            "; ".join(f"{move} {papers:,}" for move, papers in one["moves"].items()),
            ", ".join(_money(amount) for amount in one["money"]),
        )
        for one in suppliers[:SHOWN_SUPPLIERS]
    ]
    return text_table(("supplier", "papers", "moves", "money"), rows, right=frozenset({"papers"}))


def _errors(error: Mapping[str, Mapping[str, Any]]) -> str:
    names = {"would_pass": "all that would pass", "would_newly_pass": "of them held or blocked today"}
    rows = [(names[name], *_error(one)) for name, one in error.items()]
    heads = ("what people said of papers", "papers", "judged", "wrong", "effective", "share wrong", "at 95 % between")
    return text_table(heads, rows, right=frozenset(heads[1:]))


def _error(one: Mapping[str, Any]) -> tuple[str, ...]:
    share = "unknown" if one["share"] is None else f"{one['share']:.2%}"
    between = f"{one['lower']:.2%} and {one['upper']:.2%}"
    return (
        f"{one['papers']:,}", f"{one['labelled']:,}", f"{one['wrong']:,}", f"{one['effective']:,.1f}", share, between
    )  # fmt: skip


def _money(one: Mapping[str, str]) -> str:
    return f"{Decimal(one['total']):,.2f} {one['currency']}"
