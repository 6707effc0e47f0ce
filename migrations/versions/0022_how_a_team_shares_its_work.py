"""how a team shares its work: assignments, absences, saved filters, bulks, escalations"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_OF_CASES = ("assigned_to", "assigned_by", "waiting_since", "escalated_at", "escalations")


def upgrade() -> None:
    """Applies this step."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assigned_to", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("assigned_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("waiting_since", core.columns.UtcInstant(length=27), nullable=True))
        batch_op.add_column(sa.Column("escalated_at", core.columns.UtcInstant(length=27), nullable=True))
        batch_op.add_column(sa.Column("escalations", core.columns.CanonicalJson(), nullable=True))
        batch_op.create_index("ix_cases_assigned_to", ["assigned_to"])
    op.create_table(
        "absences",
        sa.Column("absence_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("substitute", sa.String(length=200), nullable=True),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("added_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("absence_id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_last_day", "absences", ["last_day"])
    op.create_table(
        "saved_filters",
        sa.Column("filter_id", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("team", sa.String(length=20), nullable=True),
        sa.Column("query", core.columns.CanonicalJson(), nullable=False),
        sa.Column("saved_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("filter_id", name=op.f("pk_saved_filters")),
    )
    op.create_index("uq_saved_filters_owner_name", "saved_filters", ["owner", "name"], unique=True)
    op.create_index("ix_saved_filters_team", "saved_filters", ["team"])
    op.create_table(
        "bulks",
        sa.Column("bulk_id", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("asked", core.columns.CanonicalJson(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("bulk_id", name=op.f("pk_bulks")),
    )
    op.create_table(
        "bulk_results",
        sa.Column("bulk_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("became", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("bulk_id", "position", name=op.f("pk_bulk_results")),
    )


def downgrade() -> None:
    """Takes this step back."""
    for table in ("bulk_results", "bulks", "saved_filters", "absences"):
        op.drop_table(table)
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_assigned_to")
        for name in _OF_CASES:
            batch_op.drop_column(name)
