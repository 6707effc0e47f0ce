"""Keeps promises: history in step with the cases, thresholds with history, and tells whose promise is broken.

Every case that ends or is corrected leaves its label. A blind check that speaks against the promise tightens the
thresholds in the same transaction, tells the audit, and opens a case for the promise's owner.
"""

from datetime import datetime, timedelta

from core.database import Database, WriteSession
from core.documents import DocumentType
from core.errors import ConflictError, ForbiddenError
from triage import case_flow, labels, policies, promises
from triage.case_records import PROMISE_KIND, CaseSummary, Resolution
from triage.label_rules import Verdict, verdict_of
from triage.policy import Policy
from triage.promise_deriving import nothing_yet, renewed, tightened, watched
from triage.promises import PromiseVersion, Why
from triage.sureness import source_words


def judged(session: WriteSession, case: CaseSummary, *, policy: Policy, at: datetime, user: str) -> None:
    """Keeps what the case, as it stands now, says of how its paper was read, and holds it against the promise."""
    verdict = Verdict.CHANGED
    if case.resolution is not None and case.reason_code is not None:
        verdict = verdict_of(case.resolution, case.reason_code)
    label = labels.record(session, case.document_id, verdict, case_id=case.case_id, at=at, by=f"user:{user}")
    if (
        policy.confidence.basis == "promise"
        and label is not None
        and label.drawn is labels.Drawn.SAMPLE
        and label.wrong
    ):
        _hold_against(session, case, DocumentType(label.kind), policy, at=at)


def renew(db: Database, *, at: datetime, by: str) -> tuple[PromiseVersion, ...]:
    """Derives the thresholds of every kind whose history, policy or bundle has changed; returns what is new."""
    with db.read() as session:
        policy = policies.active(session).policy
        if policy.confidence.basis != "promise":
            return ()
        in_force = promises.newest(session, [kind.value for kind in policy.promises])
        found = []
        for kind, promise in policy.promises.items():
            since = at - timedelta(days=promise.window_days)
            history = labels.labelled(session, kind=kind.value, since=since)
            found.append(renewed(kind.value, history, promise, policy, in_force.get(kind.value), at=at))
    versions = [version for version in found if version is not None]
    if not versions:
        return ()
    with db.write() as session:
        now = promises.newest(session, [version.kind for version in versions])
        return tuple(
            promises.keep(session, version, at=at, by=by, why=Why.RENEWED)
            for version in versions
            if now.get(version.kind) == in_force.get(version.kind)
        )


def reopened(session: WriteSession, case: CaseSummary, *, at: datetime, user: str) -> None:
    """Takes back what a case said when it ended; what was corrected stays known."""
    labels.record(session, case.document_id, Verdict.CHANGED, case_id=case.case_id, at=at, by=f"user:{user}")


def refuse_reading(case: CaseSummary) -> None:
    """Refuses to correct a paper, or to take a resolution back, in the case of a promise (`CASE-PROMISE`)."""
    if case.kind == PROMISE_KIND:
        raise ConflictError(
            "CASE-PROMISE",
            "This case is about a promise, not about reading one paper.",
            "Correct the paper in its own case; end this one when you have seen to the cause.",
        )


def close(
    session: WriteSession,
    case: CaseSummary,
    *,
    role: str,
    user: str,
    at: datetime,
    resolution: Resolution,
    reason_code: str,
    comment: str | None,
) -> CaseSummary:
    """Ends the case of a broken promise. The thresholds stay tightened until history bears them out again.

    Raises:
        ForbiddenError: `CASE-NEEDS-ROLE` for who does not own the promise.
    """
    if role not in {case.needs_role, "admin"}:
        raise ForbiddenError(
            "CASE-NEEDS-ROLE",
            f"This case waits for the role {case.needs_role}.",
            f"Leave it to somebody with the role {case.needs_role}.",
        )
    return case_flow.end(
        session, case, actor=f"user:{user}", at=at, resolution=resolution, reason_code=reason_code, comment=comment
    )


def _hold_against(
    session: WriteSession, case: CaseSummary, kind: DocumentType, policy: Policy, *, at: datetime
) -> None:
    """Looks at all blind checks since the last broken promise, and acts when they speak against this one."""
    promise = policy.promises.get(kind)
    if promise is None:
        return
    known = promises.newest(session, [kind.value]).get(kind.value)
    before = nothing_yet(kind.value, promise, policy) if known is None else known
    since = at - timedelta(days=promise.window_days)
    seen = watched(labels.labelled(session, kind=kind.value, since=since), promise, before.watched_since)
    if not seen.is_broken:
        return
    version = promises.keep(session, tightened(before, seen.blamed, at=at), at=at, by="system", why=Why.BROKEN)
    sources = " and ".join(source_words(source) for source in seen.blamed)
    headline = (
        f"The promise of {promise.error_pct} % wrong is broken for {case.kind}s read from {sources}: of {seen.checks} "
        f"blind checks {seen.errors} were wrong. Nothing of them clears until labelled history since now suffices."
    )
    case_flow.open_promise_case(
        session, case, headline=headline, owner=promise.owner, promise_version=version.version, at=at
    )
