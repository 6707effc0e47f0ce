"""Judges stored history under a draft policy, part by part: loads, judges, saves nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from core.canonical import instant_text
from core.database import Database, ReadSession
from triage import case_rows, decisions, policies
from triage.case_records import CaseState, CaseSummary, Resolution
from triage.preview import Label, PreviewTally, judge, total_of
from triage.preview_json import preview_to_json
from triage.walking import AT_ONCE, walk

Progress = Callable[[int, int], None]
_SAYS_NOTHING = frozenset({Resolution.REQUEST_INFORMATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is judged: two policies, as texts, and which decisions.

    Attributes:
        newest: the last decision that counts.
        since, until: only decisions made at or after, and before, these instants; None for all.
    """

    base_text: str
    draft_text: str
    newest: str
    since: datetime | None
    until: datetime | None


def preview(
    db: Database,
    draft_text: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    workers: int = 1,
    progress: Progress = lambda _done, _all: None,
) -> tuple[str, dict[str, Any]]:
    """What the draft would make of the newest decision about every document, beside the policy in force.

    Returns the hash of the policy in force it was compared with, and the result.

    Raises:
        InputError: `POLICY-INVALID`.
        UnavailableError: `POLICY-NONE`.
    """
    draft = policies.checked(draft_text)
    with db.read() as session:
        base = policies.active(session)
        count = decisions.count(session)
        parts = list(decisions.parts(session, AT_ONCE))
    wanted = Wanted(
        base_text=base.text,
        draft_text=draft_text,
        newest=parts[-1][1] if parts else "",
        since=since,
        until=until,
    )
    tally, seen = PreviewTally(), 0
    progress(0, count)
    for part in walk(db, parts, partial(preview_part, wanted=wanted), workers=workers):
        tally = total_of([tally, part])
        seen = min(seen + AT_ONCE, count)
        progress(seen, count)
    window = {"since": _instant(since), "until": _instant(until)}
    return base.policy_hash, preview_to_json(tally, base=base.policy, draft=draft) | {"window": window}


def preview_part(db: Database, part: tuple[str, str], *, wanted: Wanted) -> PreviewTally:
    """Judges the newest decisions of one part under both policies."""
    base, draft = policies.read(wanted.base_text), policies.read(wanted.draft_text)
    with db.read() as session:
        records = decisions.latest_between(session, *part, newest=wanted.newest, since=wanted.since, until=wanted.until)
        under = policies.readable(session, {record.policy_hash for record in records})
        papers = [record.document_id for record in records]
        cases = _newest_cases(session, papers)
        labels = labels_of(session, papers)
    return total_of(
        judge(
            record,
            base=base,
            draft=draft,
            decided_under=under.get(record.policy_hash),
            label=labels.get(record.document_id),
            case_id=cases[record.document_id].case_id if record.document_id in cases else None,
        )
        for record in records
    )


def labels_of(session: ReadSession, document_ids: Sequence[str]) -> dict[str, Label]:
    """What people have said of papers: rejected, or with a value changed, it would have been wrong to clear them.

    This is about the whole decision; `triage.labels` is about the reading alone, which a wrong price does not touch.
    """
    ended = {case.document_id: case for case in case_rows.of_documents(session, document_ids) if _is_judged(case)}
    changed = decisions.changed_by_people(session, document_ids)
    return {
        name: Label(document_id=name, was_wrong=name in changed or case.resolution is Resolution.REJECT)
        for name, case in ended.items()
    }


def _is_judged(case: CaseSummary) -> bool:
    return case.state is CaseState.RESOLVED and case.resolution not in _SAYS_NOTHING


def _newest_cases(session: ReadSession, document_ids: Sequence[str]) -> Mapping[str, CaseSummary]:
    return {case.document_id: case for case in case_rows.of_documents(session, document_ids)}


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
