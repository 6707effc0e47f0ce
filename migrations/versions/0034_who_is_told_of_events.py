"""who is told of events, and each telling"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

INSTANT = core.columns.UtcInstant(length=27)
IN_ORDER = """UPDATE outbox SET sequence = placed.place
FROM (SELECT event_id, row_number() OVER (ORDER BY event_id) AS place FROM outbox) AS placed
WHERE placed.event_id = outbox.event_id"""


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "webhook_endpoints",
        sa.Column("endpoint_id", sa.String(length=40), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", core.columns.CanonicalJson(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("previous_secret", sa.Text(), nullable=True),
        sa.Column("previous_until", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.Column("disabled_why", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("paused_until", INSTANT, nullable=True),
        sa.Column("last_success_at", INSTANT, nullable=True),
        sa.Column("last_failure_at", INSTANT, nullable=True),
        sa.Column("last_failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("delivery_id", sa.String(length=40), nullable=False),
        sa.Column("endpoint_id", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("lease_token", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index("uq_webhook_deliveries_event", "webhook_deliveries", ["event_id", "endpoint_id"], unique=True)
    op.create_index("ix_webhook_deliveries_endpoint", "webhook_deliveries", ["endpoint_id", "delivery_id"])
    for name, state, columns in (
        ("waiting", "waiting", ["endpoint_id", "sequence"]),
        ("waiting_subject", "waiting", ["endpoint_id", "subject", "sequence"]),
        ("waiting_since", "waiting", ["created_at"]),
        ("dead", "dead", ["endpoint_id", "sequence"]),
    ):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"ix_webhook_deliveries_{name}", "webhook_deliveries", columns, sqlite_where=only, postgresql_where=only
        )
    op.add_column("outbox", sa.Column("sequence", sa.BigInteger(), nullable=True))
    op.execute(IN_ORDER)
    op.create_index("uq_outbox_sequence", "outbox", ["sequence"], unique=True)


def downgrade() -> None:
    """Takes this step back."""
    op.drop_index("uq_outbox_sequence", table_name="outbox")
    op.drop_column("outbox", "sequence")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_endpoints")
