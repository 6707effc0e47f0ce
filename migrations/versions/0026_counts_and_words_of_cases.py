"""counts and words of cases, and an index for each way the queue is read"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

import core.columns
from triage.search_words import words_of

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

WAITS, ENDED = "state <> 'resolved'", "state = 'resolved'"
WAITS_FOR_ANOTHER = "needs_role IS NOT NULL OR first_approval_by IS NOT NULL"
BY_PRIORITY, BY_END = ("priority DESC", "case_id"), ("resolved_at DESC", "case_id")
INDEXES: dict[str, tuple[str, tuple[str, ...]]] = {
    "waiting": (WAITS, BY_PRIORITY),
    "waiting_queue": (WAITS, ("queue", *BY_PRIORITY)),
    "waiting_queue_outcome": (WAITS, ("queue", "outcome", *BY_PRIORITY)),
    "waiting_outcome": (WAITS, ("outcome", *BY_PRIORITY)),
    "waiting_kind": (WAITS, ("kind", *BY_PRIORITY)),
    "waiting_judged_against": (WAITS, ("judged_against",)),
    "second": (f"{WAITS} AND ({WAITS_FOR_ANOTHER})", BY_PRIORITY),
    "assigned": (f"{WAITS} AND assigned_to IS NOT NULL", ("assigned_to", *BY_PRIORITY)),
    "held": ("state = 'claimed'", ("claimed_by", "claimed_until")),
    "ended": (ENDED, BY_END),
    "ended_outcome": (ENDED, ("outcome", *BY_END)),
    "ended_queue": (ENDED, ("queue", *BY_END)),
    "ended_kind": (ENDED, ("kind", *BY_END)),
}
WORD_TABLES = ("case_words", "waiting_words")
# Beginnings of three to five letters have lists of their own; `ascii` takes every other sign than letters apart, and
# whatever is no ASCII as part of a word: the words come without accents and signs.
FTS5 = (
    "CREATE VIRTUAL TABLE {0}_fts USING fts5(words, content='{0}', content_rowid='number', prefix='3 4 5', "
    "detail=none, columnsize=0, tokenize='ascii')"
)
TRIGGERS = (
    "CREATE TRIGGER {0}_added AFTER INSERT ON {0} BEGIN "
    "INSERT INTO {0}_fts(rowid, words) VALUES (new.number, new.words); END",
    "CREATE TRIGGER {0}_gone AFTER DELETE ON {0} BEGIN "
    "INSERT INTO {0}_fts({0}_fts, rowid, words) VALUES ('delete', old.number, old.words); END",
    "CREATE TRIGGER {0}_changed AFTER UPDATE OF words ON {0} WHEN old.words <> new.words BEGIN "
    "INSERT INTO {0}_fts({0}_fts, rowid, words) VALUES ('delete', old.number, old.words); "
    "INSERT INTO {0}_fts(rowid, words) VALUES (new.number, new.words); END",
)
AT_ONCE = 1_000


def upgrade() -> None:
    """Applies this step: makes the tables and indexes, and fills them from the cases that are there."""
    for name, (where, columns) in INDEXES.items():
        op.execute(f"CREATE INDEX ix_cases_{name} ON cases ({', '.join(columns)}) WHERE {where}")
    op.create_table(
        "case_counts",
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("second_approval", sa.Boolean(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("queue", "kind", "outcome", "second_approval", name=op.f("pk_case_counts")),
    )
    alike = f"queue, kind, outcome, ({WAITS_FOR_ANOTHER})"
    op.execute(f"INSERT INTO case_counts SELECT {alike}, count(*) FROM cases WHERE {WAITS} GROUP BY {alike}")
    for table in WORD_TABLES:
        op.create_table(
            table,
            sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
            sa.Column("case_id", sa.String(length=40), nullable=False),
            sa.Column("words", core.columns.WordSet(), nullable=False),
            sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("case_id", name=op.f(f"uq_{table}_case_id")),
        )
        _index_words(table)
    _fill_words()


def downgrade() -> None:
    """Takes this step back."""
    for table in WORD_TABLES:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TABLE {table}_fts")
        op.drop_table(table)
    op.drop_table("case_counts")
    for name in INDEXES:
        op.execute(f"DROP INDEX ix_cases_{name}")


def _index_words(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX ix_{table}_words ON {table} USING gin (words)")
        return
    for statement in (FTS5, *TRIGGERS):
        op.execute(statement.format(table))


def _fill_words() -> None:
    tables = {
        name: sa.table(name, sa.column("case_id", sa.String), sa.column("words", core.columns.WordSet()))
        for name in WORD_TABLES
    }
    for rows in _cases():
        filled = [(row["state"], {"case_id": row["case_id"], "words": words_of(_texts(row))}) for row in rows]
        op.bulk_insert(tables["case_words"], [values for _, values in filled])
        op.bulk_insert(tables["waiting_words"], [values for state, values in filled if state != "resolved"])


def _cases() -> Iterator[Any]:
    newest = "(SELECT text FROM extractions WHERE document_id = cases.document_id ORDER BY version DESC LIMIT 1)"
    columns = f"case_id, state, document_id, subject, headline, codes, {newest} AS paper"
    part = sa.text(f"SELECT {columns} FROM cases WHERE case_id > :after ORDER BY case_id LIMIT {AT_ONCE}")
    after = ""
    while rows := op.get_bind().execute(part, {"after": after}).mappings().all():
        yield rows
        after = rows[-1]["case_id"]


def _texts(row: Any) -> tuple[str, ...]:
    """What is said of a case; of a planner's, which has no paper, also what it is about."""
    return row["subject"], row["headline"], row["codes"], row["paper"] or row["document_id"]
