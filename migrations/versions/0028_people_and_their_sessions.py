"""people: personal queues and limits, sessions that are seen and ended, links to set a password, ends of keys"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "personal_rules",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("queues", core.columns.CanonicalJson(), nullable=True),
        sa.Column("approval_limits", core.columns.CanonicalJson(), nullable=True),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_personal_rules")),
    )
    op.create_table(
        "password_resets",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("expires_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_password_resets")),
    )
    op.create_index("ix_password_resets_user_id", "password_resets", ["user_id"])
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_login_at", core.columns.UtcInstant(length=27), nullable=True))
        batch_op.add_column(sa.Column("external_issuer", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("external_subject", sa.String(length=255), nullable=True))
        batch_op.create_index("uq_users_external", ["external_issuer", "external_subject"], unique=True)
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("session_id", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("seen_at", core.columns.UtcInstant(length=27), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("agent", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("method", sa.String(length=10), nullable=True))
        batch_op.create_index("uq_sessions_session_id", ["session_id"], unique=True)
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expires_at", core.columns.UtcInstant(length=27), nullable=True))
        batch_op.add_column(sa.Column("last_used_at", core.columns.UtcInstant(length=27), nullable=True))
        batch_op.add_column(sa.Column("created_by", sa.String(length=200), nullable=True))


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        for name in ("created_by", "last_used_at", "expires_at"):
            batch_op.drop_column(name)
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index("uq_sessions_session_id")
        for name in ("method", "agent", "address", "seen_at", "session_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index("uq_users_external")
        for name in ("external_subject", "external_issuer", "last_login_at"):
            batch_op.drop_column(name)
    op.drop_index("ix_password_resets_user_id", table_name="password_resets")
    op.drop_table("password_resets")
    op.drop_table("personal_rules")
