"""Lays a preview of a policy out for a page: the matrix, each move with its money and causes, suppliers, the error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.texts import N_
from review_api.presenting import NOTHING, Reader

OUTCOMES = ("clear", "sample", "hold", "block")
_ESTIMATES = {"would_pass": N_("all that would pass"), "would_newly_pass": N_("of them held or blocked today")}


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """How papers of one outcome of today would come out: a count by outcome, and whether it is a move."""

    outcome: str
    counts: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A paper that would move."""

    href: str
    supplier: str | None
    number: str
    total: str
    lifted: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Papers that would come out otherwise, with their money and the controls that make the difference."""

    before: str
    after: str
    count: int
    papers: str
    money: str
    codes: tuple[tuple[str, str, str], ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRow:
    """What would move of one supplier."""

    name: str | None
    papers: str
    moves: tuple[tuple[str, str, str], ...]
    money: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateRow:
    """How often it would be wrong to let papers pass, as far as people have judged them."""

    name: str
    papers: str
    labelled: str
    wrong: str
    share: str | None
    lower: str
    upper: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """A preview in words and numbers of this reader."""

    papers: str
    unread: str | None
    re_decided: str | None
    moved: str
    matrix: tuple[MatrixRow, ...]
    moves: tuple[Move, ...]
    suppliers: tuple[SupplierRow, ...]
    estimates: tuple[EstimateRow, ...]


def preview_view(result: Mapping[str, Any], reader: Reader) -> PreviewView:
    """The whole of it, for a page."""
    count = _counts(reader)
    moved = sum(move["papers"] for move in result["moves"])
    return PreviewView(
        papers=count(result["papers"]),
        unread=count(result["unread"]) if result["unread"] else None,
        re_decided=count(result["re_decided"]) if result["re_decided"] else None,
        moved=count(moved),
        matrix=tuple(
            MatrixRow(
                outcome=before,
                counts=tuple(
                    (after, count(result["matrix"][before][after]), before != after and result["matrix"][before][after])
                    for after in OUTCOMES
                ),
            )
            for before in OUTCOMES
        ),
        moves=tuple(_move(move, reader) for move in result["moves"]),
        suppliers=tuple(_supplier(one, reader) for one in result["suppliers"]),
        estimates=tuple(_estimate(_ESTIMATES[name], one, reader) for name, one in result["error"].items()),
    )


def _move(move: Mapping[str, Any], reader: Reader) -> Move:
    count = _counts(reader)
    return Move(
        before=move["from"],
        after=move["to"],
        count=move["papers"],
        papers=count(move["papers"]),
        money=_money(move["money"], reader),
        codes=tuple((one["code"], one["change"], count(one["papers"])) for one in move["codes"]),
        examples=tuple(_example(one, reader) for one in move["examples"]),
    )


def _example(one: Mapping[str, Any], reader: Reader) -> Example:
    total = None if one["total"] is None else Decimal(one["total"])
    return Example(
        href=f"/cases/{one['case_id']}" if one["case_id"] else f"/documents/{one['document_id']}",
        supplier=one["supplier"],
        number=one["number"] or NOTHING,
        total=reader.money(total, one["currency"]),
        lifted=tuple(one["lifted"]),
        added=tuple(one["added"]),
    )


def _supplier(one: Mapping[str, Any], reader: Reader) -> SupplierRow:
    count = _counts(reader)
    return SupplierRow(
        name=one["supplier"] or one["supplier_id"],
        papers=count(one["papers"]),
        moves=tuple((*_both(move), count(papers)) for move, papers in one["moves"].items()),
        money=_money(one["money"], reader),
    )


def _estimate(name: str, one: Mapping[str, Any], reader: Reader) -> EstimateRow:
    count = _counts(reader)
    return EstimateRow(
        name=name,
        papers=count(one["papers"]),
        labelled=count(one["labelled"]),
        wrong=count(one["wrong"]),
        share=None if one["share"] is None else _percent(one["share"], reader),
        lower=_percent(one["lower"], reader),
        upper=_percent(one["upper"], reader),
        level=_percent(one["level"], reader),
    )


def _both(move: str) -> tuple[str, str]:
    """The two outcomes of a move as a preview names it: `clear to hold`."""
    before, _, after = move.partition(" to ")
    return before, after


def _money(amounts: Sequence[Mapping[str, str]], reader: Reader) -> str:
    return ", ".join(reader.money(Decimal(one["total"]), one["currency"]) for one in amounts)


def _percent(share: float, reader: Reader) -> str:
    return f"{reader.number(Decimal(str(round(share * 100, 2))))}\u00a0%"


def _counts(reader: Reader) -> Any:
    return lambda number: reader.number(Decimal(number))
