"""Lays the queue's page out: tabs and their numbers, saved filters, the panel that narrows, what is done at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from core.texts import N_
from review_api import desk
from review_api.auth import Principal
from review_api.presenting import Reader
from review_api.queue_query import ASKED, OWN, RESOLVED, SAMPLED, SECOND, QueueQuery, query_of
from review_api.words import kind_word, role_word
from triage.bulk import BULK_LIMIT
from triage.case_records import BILL_KIND, PLANNING_KINDS, PROMISE_KIND, CaseCounts, CaseSummary, Resolution
from triage.reasons import reasons_of_kind
from triage.roles import APPROVER_ROLES
from triage.saved_filters import EVERYBODY, SavedFilter, team_of
from triage.standing_in import Presence

TAB_LABELS: Mapping[str, str] = {
    OWN: N_("Mine"),
    "ap": N_("AP"),
    "planning": N_("Planning"),
    SECOND: N_("Second approval"),
    SAMPLED: N_("Sampled"),
    ASKED: N_("Asked"),
    RESOLVED: N_("Resolved"),
}
OUTCOMES = (("", N_("all")), ("block", N_("blocked")), ("hold", N_("held")), ("sample", N_("sampled")))
DUE_WORDS: Mapping[str, str] = {
    "over": N_("past due"),
    "today": N_("by today"),
    "3d": N_("within 3 days"),
    "7d": N_("within 7 days"),
    "later": N_("later"),
}
ACTION_WORDS: Mapping[str, str] = {
    "approve": N_("Approve"),
    "reject": N_("Reject"),
    "request_information": N_("Ask"),
    "assign": N_("Give to a person"),
    "escalate": N_("Escalate"),
}
KINDS = ("invoice", "shipment", "other", *sorted(PLANNING_KINDS), PROMISE_KIND)


@dataclass(frozen=True, slots=True, kw_only=True)
class TabView:
    """A tab of the queue; `filter_id` where its number is still to be asked for."""

    label: str
    href: str
    here: bool
    count: int | None = None
    filter_id: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup:
    """Things to choose from under a heading, each value with its label."""

    label: str
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """What the page shows around the list.

    Attributes:
        chips: what the list is narrowed to in words, each with the address of the list without it.
        kept: the saved filter that is shown, if one is; `is_own` whether it is the person's to rename.
        actions: what may be done with many at once; `code` the one they must be held by, where the list says.
    """

    tabs: Sequence[TabView]
    outcomes: Sequence[TabView]
    chips: Sequence[tuple[str, str]]
    kept: SavedFilter | None
    is_own: bool
    team: str
    kinds: Sequence[tuple[str, str]]
    dues: Sequence[tuple[str, str]]
    codes: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    actions: Sequence[ChoiceGroup]
    most: int = BULK_LIMIT


def queue_view(
    query: QueueQuery,
    *,
    principal: Principal,
    reader: Reader,
    counts: CaseCounts,
    mine: int,
    filters: Sequence[SavedFilter],
    presence: Presence,
    rows: Sequence[CaseSummary],
) -> QueueView:
    """Lays it out.

    Args:
        mine: how many cases are the person's work.
        rows: the cases of the page.
    """
    kept = next((one for one in filters if query_of(one.query) == query), None)
    role = principal.role or ""
    return QueueView(
        tabs=(*_tabs(query, counts, mine, reader, kept is not None), *_saved(filters, kept, principal)),
        outcomes=tuple(
            TabView(label=reader.say(label), href=query.link(outcome=name), here=query.outcome == name)
            for name, label in OUTCOMES
        ),
        chips=_chips(query, reader),
        kept=kept,
        is_own=kept is not None and (kept.owner == principal.name or role == "admin"),
        team=_team(role, reader),
        kinds=tuple((kind, reader.say(kind_word(kind))) for kind in KINDS),
        dues=tuple((due, reader.say(word)) for due, word in DUE_WORDS.items()),
        codes=_codes(),
        people=people_choices(presence, role, principal.name, reader),
        actions=_actions({row.kind for row in rows}, reader),
    )


def tabs_of(counts: CaseCounts) -> tuple[str, ...]:
    """The tabs: the two queues of every house, then those of teams in which something waits."""
    teams = sorted(set(counts.by_queue) - {desk.PAYABLES, desk.PLANNING})
    return (OWN, desk.PAYABLES, desk.PLANNING, *teams, SECOND, SAMPLED, ASKED, RESOLVED)


def people_choices(presence: Presence, role: str, user: str, reader: Reader) -> tuple[tuple[str, str], ...]:
    """Those a person may give cases to, each with what is to be known of them: their role, and that they are away."""
    names = presence.roles if role in APPROVER_ROLES else {user: role}
    return tuple((name, person_words(name, presence, reader)) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveView:
    """Whom one case may be given to, and whose it is now, in words.

    Attributes:
        may_free: whether the person may make it everybody's again.
        is_open: the panel stands open, after something went wrong in it.
    """

    people: Sequence[tuple[str, str]]
    may_free: bool
    said: str
    is_open: bool


def give_view(
    case: CaseSummary, presence: Presence, *, user: str, role: str, reader: Reader, is_open: bool = False
) -> GiveView:
    """Those of the house who may have this case, of those the person may give it to."""
    fits = {name for name, own in presence.roles.items() if case.needs_role in {None, own} or own == "admin"}
    given = case.assigned_to
    holder = None if given is None else presence.holder_of(given)
    said = "" if given is None else reader.say("given to %(person)s", person=given)
    if given is not None and holder is not None and holder != given:
        said = reader.say("given to %(person)s, %(other)s stands in", person=given, other=holder)
    return GiveView(
        people=tuple(one for one in people_choices(presence, role, user, reader) if one[0] in fits),
        may_free=given is not None and (role in APPROVER_ROLES or given in presence.shares_of(user)),
        said=said,
        is_open=is_open,
    )


def person_words(name: str, presence: Presence, reader: Reader) -> str:
    """A person's role, until when they are away, and who stands in."""
    said = reader.say(role_word(presence.roles.get(name, "")))
    away = presence.away.get(name)
    if away is None:
        return said
    until, holder = reader.day(away.last_day), presence.holder_of(name)
    if holder is None:
        return reader.say("%(role)s · away until %(day)s", role=said, day=until)
    return reader.say("%(role)s · away until %(day)s, %(other)s stands in", role=said, day=until, other=holder)


def _tabs(query: QueueQuery, counts: CaseCounts, mine: int, reader: Reader, is_kept: bool) -> Iterable[TabView]:
    known = {
        OWN: mine,
        SECOND: counts.second_approval,
        SAMPLED: counts.by_outcome.get("sample", 0),
        ASKED: None,
        RESOLVED: None,
    }
    for name in tabs_of(counts):
        label = reader.say(TAB_LABELS[name]) if name in TAB_LABELS else _queue_words(name)
        yield TabView(
            label=label,
            href=QueueQuery(tab=name, outcome=query.outcome).link(),
            here=name == query.tab and not query.q and not is_kept,
            count=known[name] if name in known else counts.by_queue.get(name, 0),
        )


def _saved(filters: Sequence[SavedFilter], kept: SavedFilter | None, principal: Principal) -> Iterable[TabView]:
    for one in filters:
        yield TabView(
            label=one.name,
            href=query_of(one.query).link(),
            here=one == kept,
            filter_id=one.filter_id,
            owner=None if one.owner == principal.name else one.owner,
        )


def _chips(query: QueueQuery, reader: Reader) -> tuple[tuple[str, str], ...]:
    found = []
    if query.kind:
        found.append((reader.say(kind_word(query.kind)), query.link(kind="")))
    if query.code:
        word = reader.say("only %(code)s", code=query.code) if query.alone else query.code
        found.append((word, query.link(code="", alone="")))
    if query.supplier:
        found.append((query.supplier, query.link(supplier="")))
    if query.due:
        found.append((reader.say(DUE_WORDS.get(query.due, query.due)), query.link(due="")))
    if query.min:
        found.append((reader.say("at stake from %(amount)s", amount=query.min), query.link(min="")))
    if query.max:
        found.append((reader.say("at stake up to %(amount)s", amount=query.max), query.link(max="")))
    if query.age:
        found.append((reader.say("open for %(count)s days or more", count=query.age), query.link(age="")))
    if query.assigned:
        found.append((reader.say("given to %(person)s", person=query.assigned), query.link(assigned="")))
    if query.late:
        found.append((reader.say("escalated by a timer"), query.link(late="")))
    return tuple(found)


def _actions(kinds: set[str], reader: Reader) -> tuple[ChoiceGroup, ...]:
    """Every action with its reasons, of the kinds that are on the page: `reject:wrong_price`."""
    planning = kinds & (PLANNING_KINDS - {BILL_KIND})
    both = bool(planning) and bool(kinds - planning - {PROMISE_KIND})
    groups: list[ChoiceGroup] = []
    for kind, wanted in (("invoice", bool(kinds - planning)), ("order", bool(planning))):
        for how, reasons in reasons_of_kind(kind).items() if wanted else ():
            label = reader.say(ACTION_WORDS[how])
            if both:
                label = f"{label} · {reader.say(_DESKS[kind])}"
            choices = tuple((f"{how}:{code}", reader.say(said)) for code, said in reasons.items())
            groups.append(ChoiceGroup(label=label, choices=choices))
    order = [Resolution.APPROVE, Resolution.REJECT, Resolution.REQUEST_INFORMATION]
    groups.sort(key=lambda group: order.index(Resolution(group.choices[0][0].partition(":")[0])))
    hand_on = (
        ("assign:", reader.say("to the person named below")),
        ("escalate:ap_approver", reader.say("to an approver")),
        ("escalate:admin", reader.say("to an administrator")),
    )
    return (*groups, ChoiceGroup(label=reader.say("Hand on"), choices=hand_on))


_DESKS: Mapping[str, str] = {"invoice": N_("papers"), "order": N_("planning")}


def _team(role: str, reader: Reader) -> str:
    team = team_of(role)
    return reader.say("everybody") if team == EVERYBODY else reader.say(TAB_LABELS[team])


def _queue_words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


@cache
def _codes() -> tuple[tuple[str, str], ...]:
    """Codes of every control, each with what it checks."""
    from triage.controls.catalogue import PAPER_ROWS, PLANNING_ROWS

    found = {row.code: row.checks for row in (*PAPER_ROWS, *PLANNING_ROWS)}
    return tuple(sorted(found.items()))
