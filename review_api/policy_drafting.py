"""What a person does before a policy is proposed: writes a draft, has it checked, compares two."""

from contextlib import suppress
from dataclasses import dataclass

from core.errors import InputError, NotFoundError
from review_api.auth import Principal
from review_api.services import Services
from triage import policies, policy_changes, policy_drafts, policy_runs
from triage.policies import PolicyVersion
from triage.policy import Policy
from triage.policy_difference import Difference, TextLine, differences, text_difference
from triage.policy_drafts import PolicyDraft
from triage.policy_file import Problem
from triage.policy_rules import PolicyPreview, PolicyProposal, check_may_propose
from triage.policy_runs import PreviewRun

IN_FORCE, DRAFT, PROPOSAL = "in_force", "draft", "proposal"
Texts = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is wrong with a text, and what it would change of the policy in force; None while it is no policy."""

    problems: tuple[Problem, ...]
    differences: tuple[Difference, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two policies laid over one another.

    Attributes:
        settings: None when these rules cannot read one of the two: then the lines alone say what differs.
    """

    before: str
    after: str
    settings: tuple[Difference, ...] | None
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHistory:
    """Every version that was in force, and every proposal there was, the newest first."""

    versions: tuple[PolicyVersion, ...]
    proposals: tuple[PolicyProposal, ...]


def history(services: Services) -> PolicyHistory:
    """What was in force when, who proposed it and who agreed."""
    with services.db.read() as session:
        return PolicyHistory(versions=policies.history(session), proposals=policy_changes.proposals(session))


def version_text(services: Services, version: int) -> str:
    """The text of one version."""
    with services.db.read() as session:
        return policies.version_text(session, version)


def draft(services: Services, principal: Principal) -> PolicyDraft:
    """The person's draft, or the policy in force to begin one from."""
    check_may_propose(principal.role or "")
    with services.db.read() as session:
        return policy_drafts.draft_of(session, principal.name)


def save_draft(
    services: Services, principal: Principal, text: str, *, revision: int | None = None, base: int | None = None
) -> PolicyDraft:
    """Saves what a person has typed, right or wrong."""
    check_may_propose(principal.role or "")
    with services.db.write() as session:
        return policy_drafts.save(
            session, text, author=principal.name, at=services.clock.now(), revision=revision, base=base
        )


def discard_draft(services: Services, principal: Principal) -> None:
    """Throws the person's draft away."""
    with services.db.write() as session:
        policy_drafts.discard(session, principal.name)


def check(services: Services, text: str) -> Checked:
    """Everything that is wrong with a text, or what it would change."""
    problems = policies.problems(text)
    with services.db.read() as session:
        base = _readable(policies.active_text(session))
    told = None if problems or base is None else differences(base, policies.read(text))
    return Checked(problems=problems, differences=told)


def compare(services: Services, principal: Principal, before: str, after: str) -> Comparison:
    """Two policies laid over one another: versions by number, or `in_force`, `draft` (one's own), `proposal`.

    Raises:
        NotFoundError: `POLICY-VERSION`, `POLICY-PROPOSAL-NONE`.
        InputError: `POLICY-SIDE`.
    """
    return compare_texts((before, _text_of(services, principal, before)), (after, _text_of(services, principal, after)))


def compare_texts(before: Texts, after: Texts) -> Comparison:
    """Two texts, each with its name, laid over one another."""
    earlier, later = _readable(before[1]), _readable(after[1])
    return Comparison(
        before=before[0],
        after=after[0],
        settings=None if earlier is None or later is None else differences(earlier, later),
        lines=text_difference(before[1], after[1]),
    )


def find_preview(services: Services, preview_hash: str) -> PolicyPreview:
    """A preview that was made, by its hash.

    Raises:
        NotFoundError: `POLICY-PREVIEW-MISSING`.
    """
    with services.db.read() as session:
        found = policy_changes.find_preview(session, preview_hash)
    if found is None:
        raise NotFoundError("POLICY-PREVIEW-MISSING", "There is no preview with this hash.", "Preview the draft again.")
    return found


def run(services: Services, principal: Principal, run_id: str) -> PreviewRun:
    """How far a preview of the person is."""
    with services.db.read() as session:
        return policy_runs.find(session, run_id, author=principal.name, at=services.clock.now())


def _text_of(services: Services, principal: Principal, side: str) -> str:
    with services.db.read() as session:
        if side == IN_FORCE:
            return policies.active_text(session)
        if side == DRAFT:
            return policy_drafts.draft_of(session, principal.name).text
        if side == PROPOSAL:
            return _proposed(policy_changes.pending(session)).preview.text
        if side.isdecimal() and len(side) < 10:
            return policies.version_text(session, int(side))
    raise InputError(
        "POLICY-SIDE", f"{side!r} names no policy.", f"Write a version's number, {IN_FORCE}, {DRAFT} or {PROPOSAL}."
    )


def _proposed(pending: PolicyProposal | None) -> PolicyProposal:
    if pending is None:
        raise NotFoundError("POLICY-PROPOSAL-NONE", "No policy waits for a second person.", "See the policy's history.")
    return pending


def _readable(text: str) -> Policy | None:
    with suppress(InputError):
        return policies.read(text)
    return None
