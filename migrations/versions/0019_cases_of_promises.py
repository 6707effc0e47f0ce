"""cases of promises beside those of papers"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _put_in_place(condition: str) -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("uq_cases_open_document_id")
        batch_op.create_index(
            "uq_cases_open_document_id",
            ["document_id"],
            unique=True,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


def upgrade() -> None:
    """Applies this step."""
    _put_in_place("state <> 'resolved' AND kind <> 'promise'")


def downgrade() -> None:
    """Takes this step back."""
    _put_in_place("state <> 'resolved'")
