"""Writes what a preview says, for programs and people alike: moves, money, codes, examples, suppliers, the error."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.decisions import Outcome
from core.money import plain
from triage.decide import RULES_VERSION
from triage.policy import Policy
from triage.preview import PASSES, Move, MovedPaper, PreviewTally
from triage.preview_error import estimate

OUTCOMES = (Outcome.CLEAR, Outcome.SAMPLE, Outcome.HOLD, Outcome.BLOCK)
SUPPLIERS_SHOWN = 20


def preview_to_json(tally: PreviewTally, *, base: Policy, draft: Policy) -> dict[str, Any]:
    """What a preview says, for programs and people alike; the same history and policies give the same words."""
    passing = sum(count for (_, after), count in tally.matrix.items() if after in PASSES)
    newly = sum(count for (before, after), count in tally.matrix.items() if after in PASSES and before not in PASSES)
    moves = sorted(
        ((move, count) for move, count in tally.matrix.items() if move[0] is not move[1]),
        key=lambda one: (-one[1], one[0]),
    )
    return {
        "base": {"name": base.name, "policy_hash": base.hash},
        "draft": {"name": draft.name, "policy_hash": draft.hash},
        "rules_version": RULES_VERSION,
        "papers": tally.papers,
        "unread": tally.unread,
        "re_decided": tally.re_decided,
        "matrix": {
            before.value: {after.value: tally.matrix.get((before, after), 0) for after in OUTCOMES}
            for before in OUTCOMES
        },
        "moves": [_move_to_json(move, count, tally) for move, count in moves],
        "suppliers": _suppliers_to_json(tally),
        "error": {
            "would_pass": estimate(passing, tally.passing),
            "would_newly_pass": estimate(newly, tally.newly_passing),
        },
    }


def _move_to_json(move: Move, count: int, tally: PreviewTally) -> dict[str, Any]:
    before, after = move
    codes = [(one[2], one[3], papers) for one, papers in tally.codes.items() if one[:2] == move]
    return {
        "from": before.value,
        "to": after.value,
        "papers": count,
        "money": _money_to_json({key[2]: amount for key, amount in tally.money.items() if key[:2] == move}),
        "codes": [
            {"code": code, "change": change, "papers": papers}
            for change, code, papers in sorted(codes, key=lambda one: (-one[2], one[1], one[0]))
        ],
        "examples": [_example_to_json(one) for one in tally.examples if (one.before, one.after) == move],
    }


def _example_to_json(example: MovedPaper) -> dict[str, Any]:
    return {
        "document_id": example.document_id,
        "case_id": example.case_id,
        "supplier": example.supplier,
        "number": example.number,
        "total": None if example.total is None else plain(example.total),
        "currency": example.currency,
        "lifted": list(example.lifted),
        "added": list(example.added),
    }


def _suppliers_to_json(tally: PreviewTally) -> list[dict[str, Any]]:
    ordered = sorted(tally.suppliers.items(), key=lambda one: (-sum(one[1].moves.values()), one[0]))
    return [
        {
            "supplier_id": supplier_id or None,
            "supplier": moved.name,
            "papers": sum(moved.moves.values()),
            "moves": {
                f"{before.value} to {after.value}": papers
                for (before, after), papers in sorted(moved.moves.items(), key=lambda one: (-one[1], one[0]))
            },
            "money": _money_to_json(moved.money),
        }
        for supplier_id, moved in ordered[:SUPPLIERS_SHOWN]
    ]


def _money_to_json(money: Mapping[str, Decimal]) -> list[dict[str, str]]:
    return [{"currency": currency, "total": plain(amount)} for currency, amount in sorted(money.items())]
