"""The roles people have in a house, and which of them may change a case."""

from typing import Literal

Role = Literal["ap_clerk", "ap_approver", "planner", "admin"]
"""Roles that work on cases; an auditor looks."""

WORKING_ROLES = frozenset({"ap_clerk", "ap_approver", "planner", "admin"})
APPROVER_ROLES = frozenset({"ap_approver", "admin"})
TOUCHLESS = "touchless"
"""The program itself, where the policy limits what clears without a person."""
