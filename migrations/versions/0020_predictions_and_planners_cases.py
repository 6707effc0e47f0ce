"""predictions, and cases about what is no paper"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "predictions",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("predicted_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("features_hash", sa.String(length=64), nullable=False),
        sa.Column("features", core.columns.CanonicalJson(), nullable=True),
        sa.Column("label", sa.Float(), nullable=True),
        sa.Column("labelled_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.PrimaryKeyConstraint("name", "subject", "model", "predicted_at", name=op.f("pk_predictions")),
    )
    op.create_index("ix_predictions_name_predicted_at", "predictions", ["name", "predicted_at"])
    op.create_table(
        "planning_decisions",
        sa.Column("decision_id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("prediction", sa.Text(), nullable=True),
        sa.Column("advice", core.columns.CanonicalJson(), nullable=True),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("rules_version", sa.String(length=40), nullable=False),
        sa.Column("models", core.columns.CanonicalJson(), nullable=False),
        sa.Column("decided_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_planning_decisions")),
        sa.UniqueConstraint("subject", "run", name=op.f("uq_planning_decisions_subject")),
    )
    # A case may be about an order or an item at a place, whose keys are longer than a document's id. SQLite does not
    # look at the length.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("cases", "document_id", type_=sa.String(length=200), existing_nullable=False)


def downgrade() -> None:
    """Takes this step back."""
    op.execute("DELETE FROM cases WHERE kind IN ('order', 'demand', 'recommendation')")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("cases", "document_id", type_=sa.String(length=40), existing_nullable=False)
    op.drop_table("planning_decisions")
    op.drop_table("predictions")
