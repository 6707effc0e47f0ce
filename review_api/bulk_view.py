"""Lays out what one action will do to many cases, with the sums, and what it has done, each with its way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.texts import N_
from review_api.auth import Principal
from review_api.case_view import may_undo
from review_api.presenting import Reader
from review_api.words import role_word
from triage.bulk import Asked, BulkSum, Foreseen, sums
from triage.bulk_rows import Bulk, BulkResult
from triage.case_records import CaseState, CaseSummary
from triage.reasons import reasons_of_kind

BECOMES: Mapping[str, str] = {
    "ends": N_("will end"),
    "asked": N_("will wait for an answer"),
    "first_approval": N_("need a second person after you"),
    "assigned": N_("will be given"),
    "escalated": N_("will be escalated"),
    "refused": N_("will be left alone"),
}
BECAME: Mapping[str, str] = {
    "ends": N_("ended"),
    "asked": N_("wait for an answer"),
    "first_approval": N_("wait for a second person"),
    "assigned": N_("given"),
    "escalated": N_("escalated"),
    "refused": N_("refused"),
    "skipped": N_("changed since the preview, left alone"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cases of which the same becomes, for the same reason."""

    becomes: str
    label: str
    message: str | None
    remedy: str | None
    code: str | None
    cases: Sequence[Foreseen]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """What will happen.

    Attributes:
        chosen: what is sent when it is done: id and version of each case that is not refused.
    """

    title: str
    sums: Sequence[tuple[str, BulkSum]]
    groups: Sequence[Group]
    chosen: Sequence[str]
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneLine:
    """One case after a bulk.

    Attributes:
        undo: how it is taken back, as id and version; None where it is not, or not by this person.
    """

    case: CaseSummary
    result: BulkResult
    label: str
    undo: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkDoneView:
    """What has happened.

    Attributes:
        undo: every case that may be taken back.
        again: the form that goes on with a bulk that was cut off.
    """

    title: str
    counts: Sequence[tuple[str, str, int]]
    lines: Sequence[DoneLine]
    undo: Sequence[str]
    again: Sequence[tuple[str, str]]


def preview_view(asked: Asked, foreseen: Sequence[Foreseen], reader: Reader) -> PreviewView:
    """Lays the preview out: sums first, then the cases by what becomes of them, the refused ones last."""
    groups: dict[tuple[str, str | None, str | None], list[Foreseen]] = {}
    for one in foreseen:
        groups.setdefault((one.becomes, one.code, one.message), []).append(one)
    order = list(BECOMES)
    return PreviewView(
        title=title_of(asked, foreseen[0].case.kind if foreseen else "invoice", reader),
        sums=tuple((reader.say(BECOMES[one.becomes]), one) for one in sums(foreseen)),
        groups=tuple(
            Group(
                becomes=becomes,
                label=reader.say(BECOMES[becomes]),
                message=message,
                remedy=cases[0].remedy,
                code=code,
                cases=cases,
            )
            for (becomes, code, message), cases in sorted(groups.items(), key=lambda item: order.index(item[0][0]))
        ),
        chosen=tuple(f"{one.case.case_id}:{one.case.version}" for one in foreseen if one.becomes != "refused"),
        comment=asked.comment,
    )


def done_view(bulk: Bulk, cases: Sequence[CaseSummary], principal: Principal, reader: Reader) -> BulkDoneView:
    """Lays the result out."""
    asked = Asked(**{name: value for name, value in bulk.asked.items() if name != "cases"})
    lines = tuple(
        DoneLine(
            case=case,
            result=result,
            label=reader.say(BECAME[result.became]),
            undo=_way_back(case, result, bulk, principal, reader),
        )
        for result, case in zip(bulk.results, cases, strict=True)
    )
    counts = {became: sum(line.result.became == became for line in lines) for became in BECAME}
    return BulkDoneView(
        title=title_of(asked, cases[0].kind if cases else "invoice", reader),
        counts=tuple((became, reader.say(BECAME[became]), count) for became, count in counts.items() if count),
        lines=lines,
        undo=tuple(line.undo for line in lines if line.undo is not None),
        again=_again(bulk, asked),
    )


def title_of(asked: Asked, kind: str, reader: Reader) -> str:
    """What is done, in words: `Reject · Price is wrong`, `Give to ben`."""
    match asked.action:
        case "assign":
            return reader.say("Give to %(person)s", person=asked.to)
        case "escalate":
            return reader.say("Escalate to %(role)s", role=reader.say(role_word(asked.to_role)))
        case how:
            reasons = {name.value: known for name, known in reasons_of_kind(kind).items()}
            reason = reasons.get(how, {}).get(asked.reason_code, asked.reason_code)
            return f"{reader.say(_VERBS[how])} · {reader.say(reason)}"


_VERBS: Mapping[str, str] = {
    "approve": N_("Approve"),
    "reject": N_("Reject"),
    "request_information": N_("Ask"),
}


def _again(bulk: Bulk, asked: Asked) -> tuple[tuple[str, str], ...]:
    more = {"assign": "", "escalate": asked.to_role}.get(asked.action, asked.reason_code)
    said = {"bulk_id": bulk.bulk_id, "what": f"{asked.action}:{more}", "code": asked.code, "to": asked.to}
    seen = [("case", f"{case_id}:{version}") for case_id, version in bulk.asked["cases"]]
    return (*said.items(), ("comment", asked.comment or ""), *seen)


def _way_back(case: CaseSummary, result: BulkResult, bulk: Bulk, principal: Principal, reader: Reader) -> str | None:
    seen = f"{case.case_id}:{case.version}"
    if result.became == "ends" and may_undo(case, principal, reader.now) and case.resolved_at is not None:
        return seen if case.resolved_at >= bulk.asked_at else None
    if result.became == "asked" and case.state is CaseState.ASKED and case.asked_by == principal.name:
        return seen
    is_given = result.became == "assigned" and case.assigned_to is not None and case.assigned_by == principal.name
    return seen if is_given else None
