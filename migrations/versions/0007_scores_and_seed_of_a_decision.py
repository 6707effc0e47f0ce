"""scores and seed of a decision"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step. Until now no model had a say, and the draw hung on the document's hash."""
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scores", core.columns.CanonicalJson(), nullable=True))
        batch_op.add_column(sa.Column("seed", sa.Text(), nullable=True))
    op.execute(
        "UPDATE decisions SET scores = '{}', seed = coalesce("
        "(SELECT documents.sha256 FROM documents WHERE documents.document_id = decisions.document_id), '')"
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.alter_column("scores", existing_type=core.columns.CanonicalJson(), nullable=False)
        batch_op.alter_column("seed", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_column("seed")
        batch_op.drop_column("scores")
