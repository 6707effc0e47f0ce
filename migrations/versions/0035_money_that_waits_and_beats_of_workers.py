"""money that waits, and beats of workers"""

import sqlalchemy as sa
from alembic import op

import core.columns
from triage.case_money import sums_of

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step: makes both tables, and counts the money of the cases that are there."""
    op.create_table(
        "worker_beats",
        sa.Column("node", sa.String(length=200), nullable=False),
        sa.Column("started_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("seen_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("ended_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("said", core.columns.CanonicalJson(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_worker_beats")),
    )
    money = op.create_table(
        "case_money",
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=20), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("at_risk", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("queue", "currency", name=op.f("pk_case_money")),
    )
    _fill(money)


def downgrade() -> None:
    """Takes this step back."""
    op.drop_table("case_money")
    op.drop_table("worker_beats")


def _fill(money: sa.Table) -> None:
    amount = core.columns.ExactDecimal()
    columns = (sa.column("total", amount), sa.column("amount_at_risk", amount))
    cases = sa.table("cases", sa.column("queue"), sa.column("currency"), *columns, sa.column("state"))
    c = cases.c
    waiting = sa.select(c.queue, c.currency, c.total, c.amount_at_risk).where(c.state.not_in(["resolved", "asked"]))
    sums = sums_of(tuple(row) for row in op.get_bind().execute(waiting))
    rows = [
        {"queue": queue, "currency": currency, "cases": cases, "total": total, "at_risk": at_risk}
        for (queue, currency), (cases, total, at_risk) in sums.items()
    ]
    op.bulk_insert(money, rows)
