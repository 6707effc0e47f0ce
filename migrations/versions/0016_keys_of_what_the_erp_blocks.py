"""keys of what the ERP blocks"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def upgrade() -> None:
    """Applies this step: blocks that are there get their key."""
    op.add_column("feed_erp_blocks", sa.Column("ref_key", sa.Text(), server_default="", nullable=False))
    table = sa.table("feed_erp_blocks", sa.column("document_ref", sa.Text), sa.column("ref_key", sa.Text))
    connection = op.get_bind()
    for (ref,) in connection.execute(sa.select(table.c.document_ref).distinct()).all():
        key = "".join(char for char in ref.upper() if char.isalnum()).translate(LOOK_ALIKES)
        connection.execute(sa.update(table).where(table.c.document_ref == ref).values(ref_key=key))
    op.drop_index("ix_feed_erp_blocks_document_ref", table_name="feed_erp_blocks")
    op.create_index("ix_feed_erp_blocks_ref_key", "feed_erp_blocks", ["ref_key"])


def downgrade() -> None:
    """Takes this step back."""
    op.drop_index("ix_feed_erp_blocks_ref_key", table_name="feed_erp_blocks")
    op.create_index("ix_feed_erp_blocks_document_ref", "feed_erp_blocks", ["document_ref"])
    with op.batch_alter_table("feed_erp_blocks", schema=None) as batch_op:
        batch_op.drop_column("ref_key")
