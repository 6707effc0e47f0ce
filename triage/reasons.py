"""Why a case may end as it does: every reason in one place, with the kinds of cases and the findings it suits.

The page offers what suits a case, the reasons for its own findings first; the domain refuses what does not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.texts import N_
from triage.case_records import BILL_KIND, PLANNING_KINDS, CaseSummary, Resolution

OTHER = "other"
_APPROVE, _REJECT, _ASK = Resolution.APPROVE, Resolution.REJECT, Resolution.REQUEST_INFORMATION
_PLANNERS = PLANNING_KINDS - {BILL_KIND}
_PAPERS = frozenset({"invoice", "shipment", "other", "promise", BILL_KIND})
_EVERY = _PAPERS | _PLANNERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason.

    Attributes:
        sentence: what a person reads.
        kinds: kinds of cases it may be given for.
        codes: beginnings of codes; where there are any, it may only be given to a case held by one of these.
        best_for: beginnings of codes that it is offered for first.
        whom: of a question, who is asked, in words.
    """

    resolution: Resolution
    code: str
    sentence: str
    kinds: frozenset[str] = _PAPERS
    codes: tuple[str, ...] = ()
    best_for: tuple[str, ...] = ()
    whom: str = ""

    def suits(self, kind: str, codes: Iterable[str]) -> bool:
        """Whether it may be given for a case of this kind with these findings."""
        return kind in self.kinds and (not self.codes or any(code.startswith(self.codes) for code in codes))


CATALOGUE: tuple[Reason, ...] = (
    Reason(
        resolution=_APPROVE, code="price_agreed", sentence=N_("Price agreed with the buyer"),
        codes=("MATCH-", "INV-", "TAX-", "PO-", "LIMIT-", "DOC-", "MODEL-"),
        best_for=("MATCH-PRICE", "MATCH-TOTAL", "MATCH-OVERBILLED"),
    ),
    Reason(
        resolution=_APPROVE, code="quantity_confirmed", sentence=N_("Quantity confirmed by the warehouse"),
        codes=("MATCH-", "SHIP-", "DOC-", "MODEL-"),
        best_for=("MATCH-QUANTITY", "SHIP-OVER", "SHIP-SHORT", "SHIP-RECEIPT"),
    ),
    Reason(
        resolution=_APPROVE, code="receipt_follows", sentence=N_("Goods are here, receipt will be posted"),
        codes=("MATCH-", "SHIP-"), best_for=("MATCH-NOT-RECEIVED", "MATCH-QUANTITY"),
    ),
    Reason(
        resolution=_APPROVE, code="charge_agreed", sentence=N_("Charge agreed with the buyer"), codes=("MATCH-",),
        best_for=("MATCH-CHARGE",),
    ),
    Reason(
        resolution=_APPROVE, code="account_verified",
        sentence=N_("Account verified with the supplier by a known contact"), codes=("SUP-",), best_for=("SUP-BANK",),
    ),
    Reason(
        resolution=_APPROVE, code="not_a_duplicate", sentence=N_("Not a duplicate"),
        codes=("INV-DUPLICATE", "SHIP-DUPLICATE"), best_for=("INV-DUPLICATE", "SHIP-DUPLICATE"),
    ),
    Reason(
        resolution=_APPROVE, code="reading_confirmed", sentence=N_("Read correctly, checked on the paper"),
        best_for=("DOC-",),
    ),
    Reason(
        resolution=_APPROVE, code="recommendation_followed", sentence=N_("The recommendation is followed"),
        kinds=_PLANNERS,
    ),
    Reason(
        resolution=_APPROVE, code="rule_followed", sentence=N_("Today's rule is followed instead"), kinds=_PLANNERS
    ),
    Reason(
        resolution=_APPROVE, code="expected", sentence=N_("Expected: a promotion, an event, a season"),
        kinds=_PLANNERS, best_for=("DEMAND-",),
    ),
    Reason(
        resolution=_APPROVE, code="customer_agreed", sentence=N_("Agreed with the customer"), kinds=_PLANNERS,
        best_for=("ORD-", "MODEL-LATE"),
    ),
    Reason(
        resolution=_APPROVE, code="supplier_confirmed", sentence=N_("Confirmed by the supplier"), kinds=_PLANNERS,
        best_for=("REP-",),
    ),
    Reason(
        resolution=_APPROVE, code="stock_confirmed", sentence=N_("Confirmed by the warehouse"), kinds=_PLANNERS,
        best_for=("ORD-STOCK",),
    ),
    Reason(
        resolution=_APPROVE, code="no_action_needed", sentence=N_("Seen; nothing needs to be done"), kinds=_PLANNERS
    ),
    Reason(
        resolution=_APPROVE, code="sample_confirmed", sentence=N_("Sampled, and rightly cleared"), kinds=_EVERY,
        codes=("SAMPLE-DRAWN",), best_for=("SAMPLE-DRAWN",),
    ),
    Reason(
        resolution=_REJECT, code="duplicate", sentence=N_("Duplicate of another invoice"), best_for=("INV-DUPLICATE",)
    ),
    Reason(
        resolution=_REJECT, code="wrong_price", sentence=N_("Price is wrong"), best_for=("MATCH-PRICE", "MATCH-TOTAL")
    ),
    Reason(
        resolution=_REJECT, code="wrong_quantity", sentence=N_("Quantity is wrong"),
        best_for=("MATCH-QUANTITY", "MATCH-OVERBILLED", "SHIP-OVER", "SHIP-SHORT"),
    ),
    Reason(
        resolution=_REJECT, code="not_received", sentence=N_("Goods were not received"),
        best_for=("MATCH-NOT-RECEIVED", "SHIP-RECEIPT"),
    ),
    Reason(
        resolution=_REJECT, code="not_ordered", sentence=N_("Nobody ordered this"),
        best_for=("INV-NO-PO", "PO-", "MATCH-LINE", "SHIP-PO", "SHIP-ITEM"),
    ),
    Reason(
        resolution=_REJECT, code="wrong_account", sentence=N_("Account is not the supplier's"), best_for=("SUP-BANK",)
    ),
    Reason(resolution=_REJECT, code="wrong_recipient", sentence=N_("Not addressed to us")),
    Reason(resolution=_REJECT, code="fraud_suspected", sentence=N_("Fraud suspected"), best_for=("DOC-HYBRID",)),
    Reason(resolution=_REJECT, code="not_an_invoice", sentence=N_("Not a paper to be paid"), best_for=("DOC-TYPE",)),
    Reason(resolution=_REJECT, code="unreadable", sentence=N_("Cannot be read"), best_for=("DOC-UNREADABLE",)),
    Reason(resolution=_REJECT, code="not_needed", sentence=N_("Not needed"), kinds=_PLANNERS),
    Reason(resolution=_REJECT, code="too_much", sentence=N_("Too much"), kinds=_PLANNERS, best_for=("REP-MAX",)),
    Reason(resolution=_REJECT, code="too_little", sentence=N_("Too little"), kinds=_PLANNERS, best_for=("REP-MOQ",)),
    Reason(resolution=_REJECT, code="too_late", sentence=N_("Too late to help"), kinds=_PLANNERS),
    Reason(
        resolution=_REJECT, code="too_costly", sentence=N_("Costs more than it saves"), kinds=_PLANNERS,
        best_for=("REP-BUDGET",),
    ),
    Reason(
        resolution=_REJECT, code="wrong_data", sentence=N_("The feeds are wrong"), kinds=_PLANNERS,
        best_for=("FEED-", "REP-MASTER", "DEMAND-"),
    ),
    Reason(
        resolution=_REJECT, code="cancelled", sentence=N_("Cancelled by the customer or the supplier"),
        kinds=_PLANNERS,
    ),
    Reason(
        resolution=_ASK, code="ask_supplier", sentence=N_("Supplier is asked"), kinds=_EVERY, whom=N_("the supplier"),
    ),
    Reason(
        resolution=_ASK, code="ask_customer", sentence=N_("Customer is asked"), kinds=_PLANNERS,
        whom=N_("the customer"), best_for=("ORD-", "MODEL-LATE"),
    ),
    Reason(
        resolution=_ASK, code="ask_buyer", sentence=N_("Buyer is asked"), whom=N_("the buyer"),
        best_for=("INV-NO-PO", "PO-", "MATCH-PRICE", "MATCH-CHARGE"),
    ),
    Reason(
        resolution=_ASK, code="ask_warehouse", sentence=N_("Warehouse is asked"), kinds=_EVERY,
        whom=N_("the warehouse"), best_for=("MATCH-NOT-RECEIVED", "MATCH-QUANTITY", "SHIP-", "ORD-STOCK"),
    ),
    Reason(
        resolution=_ASK, code="ask_carrier", sentence=N_("Carrier is asked"), kinds=_PLANNERS, whom=N_("the carrier"),
        best_for=("ORD-CARRIER", "ORD-CUTOFF"),
    ),
)  # fmt: skip
"""Every reason but `other`, which suits everything and says nothing without a comment."""

OTHERS: Mapping[Resolution, Reason] = {
    _APPROVE: Reason(
        resolution=_APPROVE, code=OTHER, sentence=N_("Another reason (say which in the comment)"), kinds=_EVERY
    ),
    _REJECT: Reason(
        resolution=_REJECT, code=OTHER, sentence=N_("Another reason (say which in the comment)"), kinds=_EVERY
    ),
    _ASK: Reason(
        resolution=_ASK,
        code=OTHER,
        sentence=N_("Somebody else is asked (say who in the comment)"),
        kinds=_EVERY,
        whom=N_("somebody else"),
    ),
}


def reasons_for(case: CaseSummary) -> Mapping[Resolution, tuple[Reason, ...]]:
    """What may be given for a case, by resolution: reasons for its own findings first, `other` last."""
    return {how: _offered(how, case.kind, (*case.codes, *_drawn(case))) for how in OTHERS}


def reasons_of_kind(kind: str) -> Mapping[Resolution, Mapping[str, str]]:
    """Every reason there is for a kind of case, by resolution and code, with its sentence."""
    return {
        how: {one.code: one.sentence for one in CATALOGUE if one.resolution is how and kind in one.kinds}
        | {other.code: other.sentence}
        for how, other in OTHERS.items()
    }


def reason_of(resolution: Resolution, code: str) -> Reason | None:
    """A reason by its code, whatever case it was given for."""
    every = (*(one for one in CATALOGUE if one.resolution is resolution), *filter(None, [OTHERS.get(resolution)]))
    return next((one for one in every if one.code == code), None)


def _offered(how: Resolution, kind: str, codes: tuple[str, ...]) -> tuple[Reason, ...]:
    suiting = [one for one in CATALOGUE if one.resolution is how and one.suits(kind, codes)]
    return (*sorted(suiting, key=lambda one: _place(one, codes)), OTHERS[how])


def _place(reason: Reason, codes: tuple[str, ...]) -> int:
    """How far up a case's findings, the strictest first, the one is that this reason is best for."""
    places = (place for place, code in enumerate(codes) if reason.best_for and code.startswith(reason.best_for))
    return next(places, len(codes))


def _drawn(case: CaseSummary) -> tuple[str, ...]:
    return ("SAMPLE-DRAWN",) if case.outcome.value == "sample" else ()
