"""Tables of triage: what was read, decided and queued. Only the repositories of this room import them."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint, text

from core.columns import CanonicalJson, ExactDecimal, UtcInstant, metadata

extractions = Table(
    "extractions",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("json", CanonicalJson, nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("created_at", UtcInstant, nullable=False),
    Column("created_by", String(200), nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("decision_id", String(40), primary_key=True),
    Column("document_id", String(40), nullable=False),
    Column("run", Integer, nullable=False),
    Column("extraction_version", Integer, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("findings", Text, nullable=False),
    Column("inputs_hash", String(64), nullable=False),
    Column("facts", Text, nullable=False),
    Column("scores", CanonicalJson, nullable=False),
    Column("seed", Text, nullable=False),
    Column("policy_hash", String(64), nullable=False),
    Column("rules_version", String(40), nullable=False),
    Column("models", CanonicalJson, nullable=False),
    Column("decided_at", UtcInstant, nullable=False),
    Column("decided_by", String(200), nullable=False),
    UniqueConstraint("document_id", "run"),
    Index("ix_decisions_decided_at", "decided_at"),
)

policies = Table(
    "policies",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("policy_hash", String(64), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("applied_at", UtcInstant, nullable=False),
    Column("applied_by", String(200), nullable=False),
    Column("proposed_by", String(200)),
    Column("preview_hash", String(64)),
)

policy_previews = Table(
    "policy_previews",
    metadata,
    Column("preview_hash", String(64), primary_key=True),
    Column("policy_hash", String(64), nullable=False),
    Column("base_hash", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("result", CanonicalJson, nullable=False),
)

policy_proposals = Table(
    "policy_proposals",
    metadata,
    Column("proposal_id", String(40), primary_key=True),
    Column("preview_hash", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("proposed_by", String(200), nullable=False),
    Column("proposed_at", UtcInstant, nullable=False),
    Column("ended_by", String(200)),
    Column("ended_at", UtcInstant),
    Column("reason", Text),
    Index(
        "uq_policy_proposals_waiting",
        "state",
        unique=True,
        sqlite_where=text("state = 'proposed'"),
        postgresql_where=text("state = 'proposed'"),
    ),
)

# `priority` is expected money lost in ten-thousandths, because a decimal cannot be ordered by in SQLite.
cases = Table(
    "cases",
    metadata,
    Column("case_id", String(40), primary_key=True),
    Column("document_id", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("subject", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("codes", CanonicalJson, nullable=False),
    Column("amount_at_risk", ExactDecimal, nullable=False),
    Column("currency", Text),
    Column("total", ExactDecimal),
    Column("priority", BigInteger, nullable=False),
    Column("due_at", UtcInstant),
    Column("queue", String(20), nullable=False),
    Column("needs_role", String(20)),
    Column("route", CanonicalJson),
    Column("opened_at", UtcInstant, nullable=False),
    Column("judged_against", String(64)),
    Column("assigned_to", String(200)),
    Column("assigned_by", String(200)),
    Column("waiting_since", UtcInstant),
    Column("escalated_at", UtcInstant),
    Column("escalations", CanonicalJson),
    Column("claimed_by", String(200)),
    Column("claimed_until", UtcInstant),
    Column("claim_token", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("first_approval_by", String(200)),
    Column("first_approval_at", UtcInstant),
    Column("first_approval_role", String(20)),
    Column("first_approval_reason", String(40)),
    Column("corrected_by", String(200)),
    Column("waits_for", String(200)),
    Column("waits_until", UtcInstant),
    Column("asked_by", String(200)),
    Column("review_stage", String(10)),
    Column("undo_until", UtcInstant),
    Column("resolved_at", UtcInstant),
    Column("resolved_by", String(200)),
    Column("resolved_role", String(20)),
    Column("resolution", String(30)),
    Column("reason_code", String(40)),
    Column("comment", Text),
    Index("ix_cases_assigned_to", "assigned_to"),
    Index("ix_cases_document_id", "document_id"),
    Index("ix_cases_waits_until", "waits_until"),
    Index(
        "uq_cases_open_document_id",
        "document_id",
        unique=True,
        sqlite_where=text("state <> 'resolved' AND kind <> 'promise'"),
        postgresql_where=text("state <> 'resolved' AND kind <> 'promise'"),
    ),
)

# What waits is a small part of the table, and what people look at all day: each filter of the page reads along an index
# of that part alone, in the order of the list; and what has ended along one of the other part.
_WAITS, _ENDED = "state <> 'resolved'", "state = 'resolved'"
_BY_PRIORITY = (cases.c.priority.desc(), cases.c.case_id)
_BY_END = (cases.c.resolved_at.desc(), cases.c.case_id)


def _index(name: str, where: str, *columns: Any) -> Index:
    return Index(f"ix_cases_{name}", *columns, sqlite_where=text(where), postgresql_where=text(where))


_index("waiting", _WAITS, *_BY_PRIORITY)
_index("waiting_queue", _WAITS, cases.c.queue, *_BY_PRIORITY)
_index("waiting_queue_outcome", _WAITS, cases.c.queue, cases.c.outcome, *_BY_PRIORITY)
_index("waiting_outcome", _WAITS, cases.c.outcome, *_BY_PRIORITY)
_index("waiting_kind", _WAITS, cases.c.kind, *_BY_PRIORITY)
_index("waiting_judged_against", _WAITS, cases.c.judged_against)
_index("second", f"{_WAITS} AND (needs_role IS NOT NULL OR first_approval_by IS NOT NULL)", *_BY_PRIORITY)
_index("assigned", f"{_WAITS} AND assigned_to IS NOT NULL", cases.c.assigned_to, *_BY_PRIORITY)
_index("held", "state = 'claimed'", cases.c.claimed_by, cases.c.claimed_until)
_index("ended", _ENDED, *_BY_END)
_index("ended_outcome", _ENDED, cases.c.outcome, *_BY_END)
_index("ended_queue", _ENDED, cases.c.queue, *_BY_END)
_index("ended_kind", _ENDED, cases.c.kind, *_BY_END)

case_comments = Table(
    "case_comments",
    metadata,
    Column("comment_id", String(40), primary_key=True),
    Column("case_id", String(40), nullable=False, index=True),
    Column("at", UtcInstant, nullable=False),
    Column("author", String(200), nullable=False),
    Column("text", Text, nullable=False),
)

# What each person has typed on a case and not sent. No part of the case: never decided from, never audited.
case_drafts = Table(
    "case_drafts",
    metadata,
    Column("case_id", String(40), primary_key=True),
    Column("author", String(200), primary_key=True),
    Column("typed", CanonicalJson, nullable=False),
    Column("saved_at", UtcInstant, nullable=False),
)

# Papers that were sent back stay as rows with `active` false: a corrected paper of the same number is no duplicate.
known_invoices = Table(
    "known_invoices",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("supplier_id", Text, nullable=False),
    Column("invoice_number", Text, nullable=False),
    Column("issue_date", Date),
    Column("total_with_vat", ExactDecimal, nullable=False),
    Column("currency", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("number_key", Text, nullable=False, server_default=""),
    Column("gross_key", Text, nullable=False, server_default=""),
    Index("ix_known_invoices_supplier_number", "supplier_id", "number_key", "document_id"),
    Index("ix_known_invoices_supplier_gross", "supplier_id", "gross_key", "document_id"),
    Index("ix_known_invoices_number_gross", "number_key", "gross_key", "document_id"),
    Index("ix_known_invoices_supplier_date", "supplier_id", "issue_date"),
)

billed_lines = Table(
    "billed_lines",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("po_number", Text, nullable=False),
    Column("line_number", Text, nullable=False),
    Column("quantity", ExactDecimal, nullable=False),
    Column("net_amount", ExactDecimal, nullable=False),
    Column("active", Boolean, nullable=False),
    Index("ix_billed_lines_order_line", "po_number", "line_number"),
)

billed_headers = Table(
    "billed_headers",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("po_number", Text, primary_key=True),
    Column("net_amount", ExactDecimal, nullable=False),
    Column("ordered_amount", ExactDecimal, nullable=False),
    Column("balance_amount", ExactDecimal, nullable=False),
    Column("charge_amount", ExactDecimal, nullable=False),
    Column("deposit_amount", ExactDecimal, nullable=False),
    Column("active", Boolean, nullable=False),
    Index("ix_billed_headers_po_number", "po_number"),
)

# Shipment documents, kept and counted as invoices are.
known_shipments = Table(
    "known_shipments",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("document_type", String(20), nullable=False),
    Column("supplier_id", Text),
    Column("shipment_number", Text),
    Column("number_key", Text, nullable=False, index=True),
    Column("shipped_on", Date),
    Column("active", Boolean, nullable=False),
)

shipped_lines = Table(
    "shipped_lines",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("po_number", Text, nullable=False, index=True),
    Column("line_number", Text, nullable=False),
    Column("quantity", ExactDecimal, nullable=False),
    Column("active", Boolean, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("event_id", String(40), primary_key=True),
    Column("type", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("json", CanonicalJson, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("delivered_at", UtcInstant),
    Column("deliver_after", UtcInstant),
    Column("withdrawn_at", UtcInstant),
    Column("sequence", BigInteger),
    Index("ix_outbox_subject", "subject"),
    Index("ix_outbox_delivered_at", "delivered_at", "event_id"),
    Index("uq_outbox_sequence", "sequence", unique=True),
)
