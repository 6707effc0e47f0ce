"""Says why a value is trusted or not, in words: what the reader saw, the checks, the ERP's records, earlier papers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.documents import Extraction, Field, Source
from core.keys import number_key
from core.texts import N_
from extraction.values import squeeze
from review_api.percents import percent
from review_api.presenting import Reader
from triage.facts import Facts

_DATA = frozenset({Source.UBL, Source.CII, Source.X12, Source.EDIFACT})
_AGAINST = re.compile(
    r"no label|does not add up|wrong|could be exchanged|candidates|hard to read|differently|better|several currencies"
)
_READER_SAYS = (
    N_("label beside it"), N_("no label beside it"), N_("adds up"), N_("is the sum of the lines"),
    N_("does not add up"), N_("check digits right"), N_("check digits wrong"), N_("check digit right"),
    N_("day and month could be exchanged"), N_("two candidates"), N_("%(count)s candidates"), N_("hard to read"),
    N_("read differently by two OCR engines"), N_("read alike by two OCR engines"),
    N_("another value fits the labels better"),
    N_("nothing was paid before"), N_("stands with the name"), N_("only currency on the pages"),
    N_("several currencies on the pages"), N_("speaks of days"), N_("is an open order"), N_("known supplier VAT id"),
    N_("known supplier"), N_("stands where it was corrected before"), N_("from the e-invoice's data"),
    N_("confirmed by %(user)s"), N_("corrected by %(user)s"),
)  # fmt: skip
_PEOPLE_SAY = ("corrected by ", "confirmed by ")
_SHOWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that speaks for a value, or against it."""

    text: str
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Why a value is trusted or not: one line, and all of it.

    Attributes:
        line: what weighs most: for a sure value what speaks for it, for an unsure one what speaks against it.
    """

    line: str
    reasons: tuple[Reason, ...]


def trust_of(
    name: str, field: Field | None, threshold: float, *, extraction: Extraction, facts: Facts, reader: Reader
) -> Trust:
    """Why this value of a paper is trusted or not; where nothing was found, that."""
    if field is None:
        missing = Reason(text=reader.say("not on the paper, or not found"), good=False)
        return Trust(line=missing.text, reasons=(missing,))
    is_sure = field.confidence >= threshold
    score = Reason(text=_score(field, threshold, reader), good=is_sure)
    reasons = [
        *(Reason(text=reader.sentence(said), good=not _AGAINST.search(said)) for said in field.reasons),
        *_source(field, extraction, reader),
        *_of_erp(name, field.value, facts, reader),
        *_of_history(name, field, facts, extraction, reader),
    ]
    if any(said.startswith(_PEOPLE_SAY) for said in field.reasons):
        return Trust(line=reasons[0].text, reasons=(score, *reasons))
    weighty = [one.text for one in reasons if one.good is is_sure] or [one.text for one in reasons] or [score.text]
    return Trust(line=", ".join(dict.fromkeys(weighty[-_SHOWN:])), reasons=(score, *reasons))


def _score(field: Field, threshold: float, reader: Reader) -> str:
    sure, needed = percent(field.confidence), percent(threshold)
    if field.confidence >= threshold:
        return reader.say("%(sure)s %% sure, %(needed)s %% are needed", sure=sure, needed=needed)
    return reader.say("only %(sure)s %% sure, %(needed)s %% are needed", sure=sure, needed=needed)


def _source(field: Field, extraction: Extraction, reader: Reader) -> Iterator[Reason]:
    """Data are exact; where the paper carries both, page and data are two readers of one value."""
    if field.source not in _DATA or any(said.startswith(_PEOPLE_SAY) for said in field.reasons):
        return
    if field.evidence:
        yield Reason(text=reader.say("the page says the same"), good=True)
    elif extraction.page_sizes:
        yield Reason(text=reader.say("not seen on the page"), good=False)


def _of_erp(name: str, value: str, facts: Facts, reader: Reader) -> Iterator[Reason]:
    """What the ERP's records say of the value."""
    supplier = facts.supplier
    if name in {"seller_name", "shipper_name"}:
        if supplier is None:
            yield Reason(text=reader.say("no supplier in the ERP is this one"), good=False)
        else:
            known = {"name": supplier.name, "number": supplier.supplier_id}
            yield Reason(text=reader.say("is supplier %(name)s (%(number)s)", **known), good=True)
    elif supplier is not None and name in {"seller_vat_id", "payment_iban"}:
        recorded = supplier.vat_id if name == "seller_vat_id" else supplier.iban
        if recorded:
            same = squeeze(recorded) == squeeze(value)
            text = N_("as in the supplier's record") if same else N_("not as in the supplier's record")
            yield Reason(text=reader.say(text), good=same)
    elif name == "purchase_order_reference":
        named = [order.po_number for order in facts.orders if number_key(order.po_number) in (number_key(value) or "")]
        text = N_("the order is in the ERP") if named else N_("no such order in the ERP")
        yield Reason(text=reader.say(text), good=bool(named))
    elif name == "currency" and facts.orders:
        same = {order.currency for order in facts.orders} == {value}
        text = N_("the order's currency") if same else N_("not the order's currency")
        yield Reason(text=reader.say(text), good=same)
    elif name == "due_date":
        yield from _of_terms(facts, reader)


def _of_terms(facts: Facts, reader: Reader) -> Iterator[Reason]:
    paper, days = facts.paper, None if facts.supplier is None else facts.supplier.payment_terms_days
    if paper.issue_date is None or paper.due_date is None or days is None:
        return
    if (paper.due_date - paper.issue_date).days == days:
        yield Reason(text=reader.say("%(count)s days, as agreed", count=days), good=True)


def _of_history(name: str, field: Field, facts: Facts, extraction: Extraction, reader: Reader) -> Iterator[Reason]:
    """What this supplier's earlier papers and people's corrections of them say."""
    recall = next((one for one in extraction.recalls if one.field == name), None)
    if recall is not None and not recall.followed:
        yield Reason(text=reader.say("another value stands where it was corrected before"), good=False)
    if name == "invoice_number":
        own = number_key(field.value)
        earlier = [one.invoice_number for one in facts.recent_invoices if number_key(one.invoice_number) != own]
        alike = [number for number in earlier if _form(number) == _form(field.value)]
        if alike:
            yield Reason(text=reader.say("same form as %(number)s before", number=alike[0]), good=True)
        elif earlier:
            yield Reason(text=reader.say("another form than %(number)s before", number=earlier[0]), good=False)
    needs = facts.promise.fields if facts.promise is not None else ()
    judged = next((need.labels for need in needs if need.field == name), 0)
    if judged:
        said = reader.say_count(
            "people judged %(count)s reading of it", "people judged %(count)s readings of it", judged
        )
        yield Reason(text=said, good=True)


def _form(number: str) -> str:
    """`R-8812` as `A-9`: what kind of signs stand one after the other."""
    return re.sub(r"[A-Za-z]+", "A", re.sub(r"\d+", "9", number.strip()))
