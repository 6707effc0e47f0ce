"""Whether a file is one paper, whole: an interchange's counts and messages, and several invoices in one file."""

from functools import partial

from core.decisions import Finding, Outcome
from triage.carried import EDI_BROKEN, EDI_COUNTS, EDI_MORE, EDI_UNKNOWN, MULTIPLE, ORDER_DATA, carried
from triage.control import CLERK, EVERY_TYPE, Control
from triage.facts import Facts
from triage.match import Match
from triage.policy import Policy


def _remarked(code: str, facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    return carried(facts, code, Outcome.HOLD)


_ROWS = (
    (
        EDI_COUNTS,
        "Counts and control numbers of an interchange are those of what it holds",
        "UNT, UNE or UNZ, SE, GE or IEA, CTT or HL says another count or number · the envelope has no end",
        "the whole interchange, sent again",
    ),
    (
        EDI_MORE,
        "Every message of an interchange is read",
        "more messages than one in an envelope that is not right, or more than 1,000",
        "a whole interchange, or each message in a file of its own",
    ),
    (
        EDI_BROKEN,
        "An interchange is whole",
        "no message in it · a message without its end · separators that make no sense",
        "the whole interchange, sent again, or the paper as PDF",
    ),
    (
        EDI_UNKNOWN,
        "An interchange holds messages that are read here",
        "none of INVOIC, DESADV, ORDERS, ORDRSP · none of 810, 856, 850, 855",
        "the same paper in one of these, or as PDF",
    ),
    (
        MULTIPLE,
        "One file holds one invoice, or several that can be told apart",
        "pages with different invoice numbers and totals of their own, and no clean cut between them",
        "each invoice in a file of its own",
    ),
    (
        ORDER_DATA,
        "The data in a PDF are those of an invoice",
        "Order-X inside: an order's data, which are not read; its pages are",
        "an invoice, or the reviewer's word that the pages are right",
    ),
)

CONTROLS = tuple(
    Control(
        code=code,
        checks=checks,
        formula=formula,
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by=lifted_by,
        run=partial(_remarked, code),
        types=EVERY_TYPE,
    )
    for code, checks, formula, lifted_by in _ROWS
)
