"""Whether the ERP itself has blocked the paper or its order. Only the ERP lifts that."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.control import EVERY_TYPE, NOBODY, Control
from triage.facts import Facts
from triage.findings import day, finding
from triage.match import Match
from triage.policy import Policy

CODE = "ERP-BLOCK"


def blocked(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """A block on the paper or an order it names that is set and not lifted at the instant of the decision."""
    now = facts.as_of
    standing = [at for at in facts.erp_blocks if at.blocked_at <= now and (at.lifted_at is None or at.lifted_at > now)]
    return tuple(
        finding(
            facts,
            CODE,
            Outcome.BLOCK,
            f"The ERP has blocked {block.document_ref} since {day(block.blocked_at.date())}: {block.reason}.",
            subject=block.document_ref,
            expected="no block",
            actual=block.reason,
            used=(f"erp_block:{block.document_ref}",),
            at_risk=signed_total(facts.paper),
        )
        for block in standing
    )


CONTROL = Control(
    code=CODE,
    checks="The ERP has blocked neither the paper nor an order it names, however it spells their numbers",
    formula="a block that is not lifted",
    outcome=Outcome.BLOCK,
    released_by=NOBODY,
    lifted_by="the ERP, and a fresher erp_blocks feed",
    run=blocked,
    types=EVERY_TYPE,
)
