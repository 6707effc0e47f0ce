"""The figures as they are asked for: read in one transaction, made into tables, as JSON, and as CSV."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from core.canonical import to_jsonable
from core.database import ReadSession
from core.errors import InputError, NotFoundError
from core.texts import N_
from ingest.erp import ErpReader
from review_api.second_checks import second_checks
from review_api.services import Services
from triage import policies
from triage.insights import store, upkeep
from triage.insights.figures import FIGURES
from triage.insights.money_view import Assumptions, money_view, of_policy
from triage.insights.scope import Scope, period
from triage.insights.tally import Column, Counted, Figure, Tally
from triage.policy import Policy

NAMES = (*FIGURES, "money", "second-checks", "changes", "feeds")
MODELS = "models"
_MOST_ASSUMED = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that changed how papers are decided: another policy, or another version of a model."""

    at: datetime
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """Everything a page of figures shows.

    Attributes:
        counted: how far the audit has been counted.
        values: queues, sites and legal entities there are, to choose from.
        assumed: what the money view rests on.
        models: what was worked out of the models last, and when; None where it never was.
    """

    scope: Scope
    figures: Mapping[str, Figure]
    changes: tuple[Change, ...]
    counted: upkeep.Counted
    values: Mapping[str, tuple[str, ...]]
    assumed: Assumptions
    currency: str
    models: tuple[datetime, Any] | None


def insights(services: Services, scope: Scope, assumed: Mapping[str, Decimal]) -> Insights:
    """All figures of a period.

    Raises:
        InputError: `INSIGHTS-ASSUMPTION`.
    """
    policy, today = services.policy, services.clock.now().astimezone(UTC).date()
    rests_on = assumptions(policy, assumed)
    with services.db.read() as session:
        counted = _counted(session, scope, today)
        figures = {name: make(counted) for name, make in FIGURES.items()}
        figures["money"] = money_view(counted, rests_on, policy.priority)
        found = _changes(session, scope)
        figures["second-checks"] = second_checks(session, scope)
        figures["changes"], figures["feeds"] = _changes_figure(found), _feeds(session, policy, services.clock.now())
        return Insights(
            scope=scope,
            figures=figures,
            changes=found,
            counted=upkeep.standing(session),
            values=_values(session, scope),
            assumed=rests_on,
            currency=policy.priority.house_currency,
            models=store.kept(session, MODELS),
        )


def figure(
    services: Services, name: str, scope: Scope, assumed: Mapping[str, Decimal]
) -> tuple[Figure, datetime | None]:
    """One figure, and when it was counted last.

    Raises:
        NotFoundError: `INSIGHTS-NAME`.
        InputError: `INSIGHTS-ASSUMPTION`.
    """
    if name not in NAMES:
        raise NotFoundError("INSIGHTS-NAME", f"There is no figure {name!r}.", f"Use one of {', '.join(NAMES)}.")
    policy, now = services.policy, services.clock.now()
    with services.db.read() as session:
        return _one(session, name, scope, policy=policy, assumed=assumed, now=now), upkeep.standing(session).counted_at


def as_json(found: Figure, scope: Scope, counted_at: datetime | None) -> dict[str, Any]:
    """A figure for programs: shares from 0 to 1, times in seconds, amounts as plain decimals, null where unknown."""
    told: dict[str, Any] = to_jsonable(
        {
            "name": found.name,
            "title": found.title,
            "counts": found.counts,
            "scope": replace(scope),
            "counted_at": counted_at,
            "totals": found.totals,
            "before": found.before,
            "columns": found.columns,
            "rows": found.rows,
        }
    )
    return told


def as_csv(found: Figure) -> str:
    """A figure's table as CSV (RFC 4180, UTF-8), a heading line of its columns' names first.

    A text a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in found.columns])
    for row in found.rows:
        writer.writerow([_cell(row[column.name]) for column in found.columns])
    return out.getvalue()


def assumptions(policy: Policy, given: Mapping[str, Decimal]) -> Assumptions:
    """What the money view rests on: the policy's own figures, but for those given.

    Raises:
        InputError: `INSIGHTS-ASSUMPTION` for what is no such number.
    """
    for name, value in given.items():
        most = Decimal(100) if name.endswith("_pct") else _MOST_ASSUMED
        if not value.is_finite() or not 0 <= value <= most:
            raise InputError("INSIGHTS-ASSUMPTION", f"{name} cannot be {value}.", f"Give a number from 0 to {most:f}.")
    return replace(of_policy(policy.priority), **given)


def model_months(months: Mapping[str, Any]) -> Figure:
    """What models did, month by month, as a table."""
    rows = [
        {name: month[name] for name in ("month", "model", "predictions", "verdict")}
        | {
            "psi": None if month["score"] is None else month["score"]["psi"],
            "missing": month["missing"],
            **{name: month["performance"].get(name) for name in ("labelled", "auc", "brier", "ece", "wape")},
        }
        for month in months["months"]
    ]
    return Figure(
        name=MODELS,
        title=N_("Model health"),
        counts=N_(
            "By month and version of a model: how far its scores moved from those it was trained on (psi: under 0.1 "
            "steady, over 0.25 much), and how it turned out where that is known."
        ),
        columns=(
            Column(name="month", title=N_("month"), kind="text"),
            Column(name="model", title=N_("model"), kind="text"),
            Column(name="predictions", title=N_("said"), kind="count"),
            Column(name="verdict", title=N_("drift"), kind="words"),
            Column(name="psi", title="psi", kind="number"),
            Column(name="missing", title=N_("missing"), kind="share"),
            Column(name="labelled", title=N_("known"), kind="count"),
            *(Column(name=name, title=name, kind="number") for name in ("auc", "brier", "ece", "wape")),
        ),
        rows=tuple(rows),
    )


DRIFT_WORDS = (N_("steady"), N_("moved"), N_("much"), N_("unknown"))


def _one(
    session: ReadSession, name: str, scope: Scope, *, policy: Policy, assumed: Mapping[str, Decimal], now: datetime
) -> Figure:
    today = now.astimezone(UTC).date()
    match name:
        case "second-checks":
            return second_checks(session, scope)
        case "feeds":
            return _feeds(session, policy, now)
        case "changes":
            return _changes_figure(_changes(session, scope))
        case "money":
            return money_view(_counted(session, scope, today), assumptions(policy, assumed), policy.priority)
    return FIGURES[name](_counted(session, scope, today))


def _counted(session: ReadSession, scope: Scope, today: date) -> Counted:
    before, after = scope.before(), scope.until + timedelta(days=1)
    spans = [(before.since, before.until), (scope.since, scope.until), (after, today)]
    return Counted(scope, *store.sums(session, scope, [period(*span) for span in spans]), today)


def _values(session: ReadSession, scope: Scope) -> dict[str, tuple[str, ...]]:
    """Queues, sites and legal entities that cases were opened of in the period, and the ones chosen."""
    whole = Scope(since=scope.since, until=scope.until, kind="all")
    done, _ = store.sums(session, whole, [period(scope.since, scope.until)])
    tally = Tally(done, scope.since, scope.until)
    found = {}
    for name, measure in (("queue", "by_queue"), ("site", "by_site"), ("legal_entity", "by_entity")):
        chosen = getattr(scope, name)
        found[name] = tuple(sorted(({*tally.buckets(measure)} | {chosen or ""}) - {""}))
    return found


def _changes(session: ReadSession, scope: Scope) -> tuple[Change, ...]:
    """What changed within the period, oldest first."""
    found = [
        Change(at=version.applied_at, kind="policy", name=str(version.version)) for version in policies.history(session)
    ]
    found += [Change(at=at, kind="model", name=name) for name, at in store.versions(session).items()]
    within = [one for one in found if scope.since <= one.at.astimezone(UTC).date() <= scope.until]
    return tuple(sorted(within, key=lambda one: (one.at, one.name)))


def _changes_figure(found: tuple[Change, ...]) -> Figure:
    return Figure(
        name="changes",
        title=N_("What changed"),
        counts=N_("Policies on the day they were applied, and versions of models on the day they were first used."),
        columns=(
            Column(name="at", title=N_("when"), kind="instant"),
            Column(name="kind", title=N_("what"), kind="words"),
            Column(name="name", title=N_("version"), kind="text"),
        ),
        rows=tuple({"at": one.at, "kind": one.kind, "name": one.name} for one in found),
    )


CHANGE_WORDS = (N_("policy"), N_("model"))


def _feeds(session: ReadSession, policy: Policy, now: datetime) -> Figure:
    rows = []
    for feed in ErpReader(session).freshness():
        limit = policy.freshness_hours.get(feed.feed)
        age = None if feed.loaded_at is None else (now - feed.loaded_at).total_seconds()
        allowed = None if limit is None else timedelta(hours=float(limit)).total_seconds()
        is_late = age is not None and allowed is not None and age > allowed
        rows.append(
            {
                "feed": feed.feed,
                "rows": feed.rows,
                "loaded_at": feed.loaded_at,
                "age_seconds": age,
                "allowed_seconds": allowed,
                "state": "never loaded" if age is None else "too old" if is_late else "fresh",
            }
        )
    return Figure(
        name="feeds",
        title=N_("Feed freshness"),
        counts=N_("When each feed was loaded last, against the age the policy allows where a decision needs it."),
        columns=(
            Column(name="feed", title=N_("feed"), kind="text"),
            Column(name="state", title=N_("state"), kind="words"),
            Column(name="age_seconds", title=N_("age"), kind="seconds"),
            Column(name="allowed_seconds", title=N_("allowed"), kind="seconds"),
            Column(name="rows", title=N_("rows"), kind="count"),
            Column(name="loaded_at", title=N_("loaded"), kind="instant"),
        ),
        rows=tuple(rows),
        totals={
            "feeds": len(rows),
            "too_old": sum(row["state"] == "too old" for row in rows),
            "never_loaded": sum(row["state"] == "never loaded" for row in rows),
        },
    )


FEED_WORDS = (N_("fresh"), N_("too old"), N_("never loaded"))


def _cell(value: object) -> object:
    told = to_jsonable(value)
    if isinstance(told, str) and told[:1] in {"=", "+", "-", "@", "\t", "\r"} and not isinstance(value, Decimal):
        return f"'{told}"
    return told
