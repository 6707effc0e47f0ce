"""extractions decisions and cases"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "billed_lines",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("po_number", sa.Text(), nullable=False),
        sa.Column("line_number", sa.Text(), nullable=False),
        sa.Column("quantity", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("net_amount", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_billed_lines")),
    )
    with op.batch_alter_table("billed_lines", schema=None) as batch_op:
        batch_op.create_index("ix_billed_lines_order_line", ["po_number", "line_number"], unique=False)

    op.create_table(
        "case_comments",
        sa.Column("comment_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_case_comments")),
    )
    with op.batch_alter_table("case_comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_comments_case_id"), ["case_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("codes", core.columns.CanonicalJson(), nullable=False),
        sa.Column("amount_at_risk", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("total", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("due_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("needs_role", sa.String(length=20), nullable=True),
        sa.Column("opened_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("claimed_by", sa.String(length=200), nullable=True),
        sa.Column("claimed_until", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("claim_token", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("first_approval_by", sa.String(length=200), nullable=True),
        sa.Column("first_approval_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("resolved_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("resolved_by", sa.String(length=200), nullable=True),
        sa.Column("resolution", sa.String(length=30), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_claimed_by", ["claimed_by"], unique=False)
        batch_op.create_index("ix_cases_document_id", ["document_id"], unique=False)
        batch_op.create_index("ix_cases_queue_order", ["state", "queue", "priority", "case_id"], unique=False)
        batch_op.create_index(
            "uq_cases_open_document_id",
            ["document_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'resolved'"),
            postgresql_where=sa.text("state <> 'resolved'"),
        )

    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("extraction_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("findings", core.columns.CanonicalJson(), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("facts", core.columns.CanonicalJson(), nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("rules_version", sa.String(length=40), nullable=False),
        sa.Column("models", core.columns.CanonicalJson(), nullable=False),
        sa.Column("decided_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("document_id", "run", name=op.f("uq_decisions_document_id")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index("ix_decisions_decided_at", ["decided_at"], unique=False)

    op.create_table(
        "extractions",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("json", core.columns.CanonicalJson(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "version", name=op.f("pk_extractions")),
    )
    op.create_table(
        "known_invoices",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("supplier_id", sa.Text(), nullable=False),
        sa.Column("invoice_number", sa.Text(), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("total_with_vat", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_known_invoices")),
    )
    with op.batch_alter_table("known_invoices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_invoices_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_known_invoices_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("json", core.columns.CanonicalJson(), nullable=False),
        sa.Column("created_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("delivered_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_delivered_at", ["delivered_at", "event_id"], unique=False)

    op.create_table(
        "policies",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("applied_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("applied_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policies")),
    )
    with op.batch_alter_table("policies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policies_policy_hash"), ["policy_hash"], unique=False)


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("policies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policies_policy_hash"))

    op.drop_table("policies")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_delivered_at")

    op.drop_table("outbox")
    with op.batch_alter_table("known_invoices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_invoices_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_known_invoices_sha256"))

    op.drop_table("known_invoices")
    op.drop_table("extractions")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index("ix_decisions_decided_at")

    op.drop_table("decisions")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_cases_open_document_id",
            sqlite_where=sa.text("state <> 'resolved'"),
            postgresql_where=sa.text("state <> 'resolved'"),
        )
        batch_op.drop_index("ix_cases_queue_order")
        batch_op.drop_index("ix_cases_document_id")
        batch_op.drop_index("ix_cases_claimed_by")

    op.drop_table("cases")
    with op.batch_alter_table("case_comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_comments_case_id"))

    op.drop_table("case_comments")
    with op.batch_alter_table("billed_lines", schema=None) as batch_op:
        batch_op.drop_index("ix_billed_lines_order_line")

    op.drop_table("billed_lines")
