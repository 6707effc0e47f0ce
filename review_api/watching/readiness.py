"""Whether a node may be asked, check by check: what stands in the way of right answers, and what only slows the house.

Only what would make an answer wrong takes a node out of service. All else is said, with what to do about it, while
the node goes on: a late feed or a refused model already holds what it should hold.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from core.database import SchemaState
from core.errors import UnavailableError
from core.settings import Settings
from review_api.services import Services
from review_api.watching.house import House, HouseWatch, late_feeds


class Status(StrEnum):
    """How it stands with one thing: `degraded` works with less, `failed` does not work."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at.

    Attributes:
        remedy: what to do about it; empty where it is in order.
    """

    name: str
    status: Status
    message: str
    remedy: str = ""


def checks(services: Services, watch: HouseWatch) -> tuple[Check, ...]:
    """Every check, in the order of what matters most.

    Raises:
        UnavailableError: `DB-UNAVAILABLE`, `DB-SCHEMA`, `POLICY-NONE`: what is answered now would be wrong.
    """
    state = services.db.schema_state()
    if state is SchemaState.BEHIND:
        raise UnavailableError(
            "DB-SCHEMA", "The database is not at the newest schema.", "Start `clearhold serve` anew."
        )
    house = watch.house()
    asked: tuple[Callable[[House], Check], ...] = (_worker, _models, _feeds, _audit)
    settings = services.settings
    first = (_schema(state), _disk(settings), _queue(settings, house), _events(settings, house))
    return (*first, *(check(house) for check in asked))


def _schema(state: SchemaState) -> Check:
    if state is SchemaState.AHEAD:
        message = "The database has steps that this release does not know; it goes on with those it knows."
        return Check(name="schema", status=Status.DEGRADED, message=message, remedy="Upgrade this node.")
    return Check(name="schema", status=Status.OK, message="The database answers and is at the newest schema.")


def _disk(settings: Settings) -> Check:
    free, wanted = shutil.disk_usage(settings.home).free, settings.ready_free_bytes
    message = f"{free / 1e9:.1f} GB are free where documents are kept."
    if free >= wanted:
        return Check(name="disk", status=Status.OK, message=message)
    status = Status.FAILED if free < settings.max_bytes else Status.DEGRADED
    return Check(name="disk", status=status, message=message, remedy="Make room: a full disk takes nothing in.")


def _queue(settings: Settings, house: House) -> Check:
    backlog = house.backlog
    age = 0.0 if backlog.oldest_at is None else (house.at - backlog.oldest_at).total_seconds()
    message = f"{backlog.waiting:,} papers wait, the oldest for {age:,.0f} seconds."
    if age <= settings.ready_lag_seconds:
        return Check(name="queue", status=Status.OK, message=message)
    remedy = "Start more of `clearhold work`, or see why those that run do not get on."
    return Check(name="queue", status=Status.DEGRADED, message=message, remedy=remedy)


def _worker(house: House) -> Check:
    alive = [one for one in house.workers if one.is_alive(house.at)]
    message = f"{len(alive)} workers were heard of within a minute."
    if not alive:
        remedy = "Start `clearhold work`, or `clearhold serve` without --no-work."
        return Check(name="worker", status=Status.FAILED, message=message, remedy=remedy)
    return Check(name="worker", status=Status.OK, message=message)


def _models(house: House) -> Check:
    refused = sorted(one.name for one in house.models if one.state == "refused")
    misfits = [one.problem.message for one in house.models if one.state == "misfit" and one.problem is not None]
    loaded = sum(one.state == "loaded" for one in house.models)
    if refused or misfits:
        said = [f"Refused: {', '.join(refused)}."] if refused else []
        message, remedy = " ".join([*said, *misfits]), "Export the bundle anew: `clearhold-train NAME --promote`."
        return Check(name="models", status=Status.DEGRADED, message=message, remedy=remedy)
    return Check(name="models", status=Status.OK, message=f"{loaded} models serve.")


def _feeds(house: House) -> Check:
    late = sorted(name for name, is_late in late_feeds(house).items() if is_late)
    if late:
        message = f"Too old or never loaded: {', '.join(late)}. What needs them is held."
        return Check(
            name="feeds", status=Status.DEGRADED, message=message, remedy="Load them: `clearhold feed NAME FILE`."
        )
    return Check(name="feeds", status=Status.OK, message="Every feed that is needed is fresh.")


def _events(settings: Settings, house: House) -> Check:
    oldest, dead = house.events.oldest_seconds or 0.0, house.events.dead
    message = f"{house.events.waiting:,} events wait to be told, {dead:,} were given up."
    if dead or oldest > settings.ready_lag_seconds:
        remedy = "See whether the receivers answer, then send again what was given up."
        return Check(name="events", status=Status.DEGRADED, message=message, remedy=remedy)
    return Check(name="events", status=Status.OK, message=message)


def _audit(house: House) -> Check:
    if house.verified.damage is not None:
        remedy = "Run `clearhold audit verify`, and compare with a backup before anything is changed."
        return Check(
            name="audit", status=Status.FAILED, message="The audit chain is not as it was written.", remedy=remedy
        )
    return Check(name="audit", status=Status.OK, message="The audit chain is as it was written.")
