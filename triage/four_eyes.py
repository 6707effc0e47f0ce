"""Four eyes: who had a hand in a paper does not approve it. Pure; `triage.involvement` says who had.

Nobody approves what they sent in or corrected, nor a paper of a supplier whose bank account they changed of late.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.errors import ForbiddenError


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who had a hand in a paper.

    Attributes:
        sent_in: people who brought it, themselves or with a key they made; what the system took in is nobody's.
        corrected: by person, the fields they changed.
        changed_bank: by person, when they last changed the bank account of its supplier, within the policy's cool-off.
    """

    sent_in: frozenset[str] = frozenset()
    corrected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changed_bank: Mapping[str, datetime] = field(default_factory=dict)


NO_HANDS = Hands()


def own_hand_refusal(hands: Hands, user: str) -> ForbiddenError | None:
    """Why this person, whatever their role, does not approve this paper; None when they had no hand in it."""
    if user in hands.corrected:
        return ForbiddenError(
            "CASE-OWN-CORRECTION",
            f"You corrected this paper ({', '.join(hands.corrected[user])}); another person approves it.",
            "Leave it in the queue, or escalate it; you may still reject it or ask about it.",
        )
    if user in hands.sent_in:
        return ForbiddenError(
            "CASE-OWN-UPLOAD",
            "You sent this paper in; another person approves it.",
            "Leave it in the queue, or escalate it; you may still reject it or ask about it.",
        )
    if user in hands.changed_bank:
        return ForbiddenError(
            "CASE-OWN-BANK-CHANGE",
            f"You changed this supplier's bank account on {hands.changed_bank[user]:%Y-%m-%d}; another person approves "
            "its papers for now.",
            "Leave it in the queue, or escalate it; you may still reject it or ask about it.",
        )
    return None
