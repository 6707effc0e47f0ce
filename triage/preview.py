"""Says what a draft policy would have made of the papers of the past: which would move, why, and how often wrongly.

One paper at a time is judged under the policy in force and under the draft; tallies of parts add up to the whole.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nlargest

from core.decisions import Decision, Outcome
from core.money import ZERO
from triage.decide import RULES_VERSION, decide, sampling_chance
from triage.facts_json import facts_from_text
from triage.policy import Policy
from triage.preview_error import NO_LABELS, Counted, count_label, sum_of
from triage.recorded import RecordedDecision, findings_from_text

PASSES = frozenset({Outcome.CLEAR, Outcome.SAMPLE})
EXAMPLES_KEPT = 10

Move = tuple[Outcome, Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What people have said of a paper.

    Attributes:
        was_wrong: whether clearing it as it was read would have been wrong: it was rejected, or a value was changed.
    """

    document_id: str
    was_wrong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPaper:
    """A paper the draft would treat otherwise.

    Attributes:
        worth: its total in the house's currency, for ranking only.
        lifted, added: codes that ask for more than a note and would go away, or come.
    """

    document_id: str
    case_id: str | None
    supplier_id: str | None
    supplier: str | None
    number: str | None
    total: Decimal | None
    currency: str | None
    before: Outcome
    after: Outcome
    worth: Decimal
    lifted: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierMoves:
    """A supplier's papers that would move."""

    name: str | None
    moves: Mapping[Move, int]
    money: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewTally:
    """What judging papers under both policies has shown so far.

    Attributes:
        unread: papers whose facts or policy these rules cannot read; they are in no other number.
        re_decided: papers that were decided under another policy or other rules, and therefore under today's again.
        money: totals of the papers that move, by currency; papers without a total count nothing.
        codes: how many papers that move a code holds no more (`lifted`), or holds now (`added`).
        passing, newly_passing: what people said of papers that would pass, and of those among them that are held now.
    """

    papers: int = 0
    unread: int = 0
    re_decided: int = 0
    matrix: Mapping[Move, int] = field(default_factory=dict)
    money: Mapping[tuple[Outcome, Outcome, str], Decimal] = field(default_factory=dict)
    codes: Mapping[tuple[Outcome, Outcome, str, str], int] = field(default_factory=dict)
    suppliers: Mapping[str, SupplierMoves] = field(default_factory=dict)
    examples: tuple[MovedPaper, ...] = ()
    passing: Counted = NO_LABELS
    newly_passing: Counted = NO_LABELS


def judge(
    record: RecordedDecision,
    *,
    base: Policy,
    draft: Policy,
    decided_under: Policy | None,
    label: Label | None,
    case_id: str | None,
) -> PreviewTally:
    """One paper under the policy in force and under the draft.

    Args:
        record: the newest decision about it.
        decided_under: the policy of that decision, None when these rules cannot read it.
    """
    try:
        facts = facts_from_text(record.facts)
    except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError):
        return PreviewTally(papers=1, unread=1)
    stands = record.policy_hash == base.hash and record.rules_version == RULES_VERSION
    now = None if stands else decide(facts, base, scores=record.scores, seed=record.seed, facts_text=record.facts)
    then = decide(facts, draft, scores=record.scores, seed=record.seed, facts_text=record.facts)
    before, after = Outcome(record.outcome) if now is None else now.outcome, then.outcome
    was_drawn = record.outcome == Outcome.SAMPLE and decided_under is not None
    chance = float(sampling_chance(facts, decided_under)) if was_drawn and decided_under is not None else 1.0
    counted = NO_LABELS if label is None or after not in PASSES else count_label(label.was_wrong, chance)
    moved = before is not after
    tally = PreviewTally(
        papers=1,
        re_decided=int(not stands),
        matrix={(before, after): 1},
        passing=counted,
        newly_passing=counted if before not in PASSES else NO_LABELS,
    )
    if not moved:
        return tally
    paper, supplier = facts.paper, facts.supplier
    lifted, added = _turned(_asking(now or record), _asking(then))
    total = paper.total_with_vat
    example = MovedPaper(
        document_id=record.document_id,
        case_id=case_id,
        supplier_id=None if supplier is None else supplier.supplier_id,
        supplier=paper.seller_name if supplier is None else supplier.name,
        number=paper.invoice_number or paper.shipment_number,
        total=total,
        currency=paper.currency,
        before=before,
        after=after,
        worth=abs(total or ZERO) * draft.priority.rates.get(paper.currency or "", Decimal(1)),
        lifted=lifted,
        added=added,
    )
    return _with_move(tally, example)


def total_of(tallies: Iterable[PreviewTally]) -> PreviewTally:
    """Several tallies as one; of examples those about the most money stay, so many for each move."""
    parts = list(tallies)
    matrix: Counter[Move] = Counter()
    money: dict[tuple[Outcome, Outcome, str], Decimal] = {}
    codes: Counter[tuple[Outcome, Outcome, str, str]] = Counter()
    suppliers: dict[str, SupplierMoves] = {}
    for part in parts:
        matrix.update(part.matrix)
        codes.update(part.codes)
        for key, amount in part.money.items():
            money[key] = money.get(key, ZERO) + amount
        for supplier_id, moves in part.suppliers.items():
            suppliers[supplier_id] = _both(suppliers.get(supplier_id), moves)
    return PreviewTally(
        papers=sum(part.papers for part in parts),
        unread=sum(part.unread for part in parts),
        re_decided=sum(part.re_decided for part in parts),
        matrix=matrix,
        money=money,
        codes=codes,
        suppliers=suppliers,
        examples=_best(example for part in parts for example in part.examples),
        passing=sum_of(part.passing for part in parts),
        newly_passing=sum_of(part.newly_passing for part in parts),
    )


def _with_move(tally: PreviewTally, moved: MovedPaper) -> PreviewTally:
    move = (moved.before, moved.after)
    money = {} if moved.total is None or moved.currency is None else {moved.currency: moved.total}
    codes = [(*move, "lifted", code) for code in moved.lifted] + [(*move, "added", code) for code in moved.added]
    who = moved.supplier_id or ""
    return PreviewTally(
        papers=tally.papers,
        re_decided=tally.re_decided,
        matrix=tally.matrix,
        money={(*move, currency): amount for currency, amount in money.items()},
        codes=Counter(codes),
        suppliers={who: SupplierMoves(name=moved.supplier if who else None, moves={move: 1}, money=money)},
        examples=(moved,),
        passing=tally.passing,
        newly_passing=tally.newly_passing,
    )


def _asking(made: Decision | RecordedDecision) -> dict[str, Outcome]:
    """What each code asks for, notes left out."""
    findings = made.findings if isinstance(made, Decision) else findings_from_text(made.findings)
    found: dict[str, Outcome] = {}
    for one in findings:
        if one.outcome is not Outcome.CLEAR:
            found[one.code] = max(one.outcome, found.get(one.code, one.outcome), key=lambda outcome: outcome.rank)
    return found


def _turned(before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    lifted = tuple(sorted(code for code in before if before[code] != after.get(code)))
    added = tuple(sorted(code for code in after if after[code] != before.get(code)))
    return lifted, added


def _both(one: SupplierMoves | None, other: SupplierMoves) -> SupplierMoves:
    if one is None:
        return other
    money = {
        currency: one.money.get(currency, ZERO) + other.money.get(currency, ZERO)
        for currency in {*one.money, *other.money}
    }
    return SupplierMoves(name=one.name or other.name, moves=Counter(one.moves) + Counter(other.moves), money=money)


def _best(examples: Iterable[MovedPaper]) -> tuple[MovedPaper, ...]:
    by_move: dict[Move, list[MovedPaper]] = {}
    for example in examples:
        by_move.setdefault((example.before, example.after), []).append(example)
    kept = [nlargest(EXAMPLES_KEPT, some, key=_by_worth) for some in by_move.values()]
    return tuple(sorted((one for some in kept for one in some), key=_by_worth, reverse=True))


def _by_worth(example: MovedPaper) -> tuple[Decimal, str]:
    return example.worth, example.document_id
