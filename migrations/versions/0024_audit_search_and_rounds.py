"""audit search and rounds"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_INDEXES = {"ix_audit_entries_action": "action", "ix_audit_entries_actor": "actor", "ix_audit_entries_at": "at"}


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "audit_rounds",
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("verified_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("verified_to", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("checkpoints", sa.Integer(), nullable=False),
        sa.Column("finished_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("damaged_at_sequence", sa.BigInteger(), nullable=True),
        sa.Column("damage", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_audit_rounds")),
    )
    for name, column in _INDEXES.items():
        op.create_index(name, "audit_entries", [column, "sequence"])


def downgrade() -> None:
    """Takes this step back."""
    for name in _INDEXES:
        op.drop_index(name, table_name="audit_entries")
    op.drop_table("audit_rounds")
