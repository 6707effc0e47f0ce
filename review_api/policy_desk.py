"""What a person does with the policy, each as one transaction: look, preview, apply, withdraw, reject."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.errors import ConflictError
from review_api.auth import Principal
from review_api.services import Services
from triage import policies, policy_changes, previewing
from triage.policies import AppliedPolicy
from triage.policy_rules import PolicyPreview, PolicyProposal, check_may_propose


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """The policy in force, and the proposal that waits for a second person, if one does."""

    active: AppliedPolicy
    pending: PolicyProposal | None


def view(services: Services) -> PolicyView:
    """How things stand."""
    with services.db.read() as session:
        return PolicyView(active=policies.active(session), pending=policy_changes.pending(session))


def preview(
    services: Services,
    principal: Principal,
    text: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> PolicyPreview:
    """Judges the papers of the past under a draft, and keeps what came of it.

    Raises:
        InputError: `POLICY-INVALID`.
        ForbiddenError: `POLICY-ROLE`.
    """
    role = principal.role or ""
    check_may_propose(role)
    base_hash, result = previewing.preview(
        services.db, text, since=since, until=until, workers=services.settings.workers, progress=progress
    )
    with services.db.write() as session:
        return policy_changes.keep_preview(
            session, text, base_hash, result, user=principal.name, role=role, at=services.clock.now()
        )


def apply(
    services: Services, principal: Principal, text: str, preview_hash: str, *, version: int | None = None
) -> PolicyView:
    """Proposes a policy, or puts in force what another person has proposed.

    Args:
        version: the policy the caller believes to be in force (`If-Match`).

    Raises:
        ConflictError: `POLICY-CHANGED`, and those of `policy_changes.apply`.
    """
    with services.db.write() as session:
        if version is not None and version != (now := policies.active_version(session)):
            raise ConflictError(
                "POLICY-CHANGED",
                f"Version {now} is in force now; yours is {version}.",
                "Load it again, and preview your draft under it.",
            )
        policy_changes.apply(
            session, text, preview_hash, user=principal.name, role=principal.role or "", at=services.clock.now()
        )
        return PolicyView(active=policies.active(session), pending=policy_changes.pending(session))


def withdraw(services: Services, principal: Principal, reason: str) -> PolicyProposal:
    """Takes one's own proposal back."""
    with services.db.write() as session:
        return policy_changes.withdraw(session, user=principal.name, reason=reason, at=services.clock.now())


def reject(services: Services, principal: Principal, reason: str) -> PolicyProposal:
    """Refuses another's proposal."""
    with services.db.write() as session:
        return policy_changes.reject(
            session, user=principal.name, role=principal.role or "", reason=reason, at=services.clock.now()
        )
