"""Joins findings into a decision: the strictest outcome, and a blind check of a share of what would clear.

What is decided (a paper, a sales order, a recommendation) differs; how is the same, and stands here once.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from core.decisions import Decision, Finding, Outcome, highest
from triage.policy import Policy, amount_in

_DRAW_BITS = 64


def join(
    subject_id: str,
    found: tuple[Finding, ...],
    draw: Callable[[], tuple[Finding, ...]],
    *,
    decided_at: datetime,
    inputs_hash: str,
    policy: Policy,
    rules_version: str,
    models: tuple[str, ...] = (),
) -> Decision:
    """The strictest of all findings decides; nothing takes the maximum down.

    Args:
        subject_id: the document's id, or `sales_order:…`, `recommendation:…`.
        draw: what a draw for blind checks finds; asked only about what would clear.
    """
    if highest(*(at.outcome for at in found)) is Outcome.CLEAR:
        found = (*found, *draw())
    return Decision(
        document_id=subject_id,
        outcome=highest(*(at.outcome for at in found)),
        findings=in_order(found),
        decided_at=decided_at,
        inputs_hash=inputs_hash,
        policy_hash=policy.hash,
        rules_version=rules_version,
        models=models,
    )


def is_drawn(policy: Policy, seed: str, chance: Decimal) -> bool:
    """Whether the policy's draw falls on this seed: the same answer every time."""
    drawn = int.from_bytes(sha256(f"{policy.sampling.seed}:{seed}".encode()).digest()[: _DRAW_BITS // 8])
    return Decimal(drawn) / Decimal(1 << _DRAW_BITS) < chance


def draw_chance(policy: Policy, amount: Decimal | None, currency: str | None) -> Decimal:
    """The chance of a blind check, 0 to 1: the policy's share, doubled at `double_at`, never over its maximum."""
    rules = policy.sampling
    double_at = amount_in(rules.double_at, currency)
    growth = abs(amount) / double_at if amount is not None and double_at else Decimal(0)
    return min(rules.share_pct * (1 + growth), rules.max_pct) / 100


def in_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Strictest first, then the most money, then by code and subject: the order a person reads them in."""
    return tuple(
        sorted(
            findings,
            key=lambda at: (
                -at.outcome.rank,
                -Decimal(at.at_risk_amount or 0),
                at.code,
                len(at.subject or ""),
                at.subject or "",
                at.message,
            ),
        )
    )
