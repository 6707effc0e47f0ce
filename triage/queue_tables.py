"""Tables beside the queue: how many cases wait, and the words each case may be found by. Only repositories import them.

Both are written in the transaction that changes the case, so they are never behind it.
"""

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, column, table

from core.columns import WordSet, metadata

# One row for all cases that wait and are alike: a few dozen rows, whatever the number of cases.
case_counts = Table(
    "case_counts",
    metadata,
    Column("queue", String(20), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("outcome", String(10), primary_key=True),
    Column("second_approval", Boolean, primary_key=True),
    Column("cases", Integer, nullable=False),
)

# The money of the cases that wait, in ten-thousandths of a currency, which no case has to be read for.
case_money = Table(
    "case_money",
    metadata,
    Column("queue", String(20), primary_key=True),
    Column("currency", String(20), primary_key=True),
    Column("cases", Integer, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("at_risk", BigInteger, nullable=False),
)


def _words(name: str) -> Table:
    """Cases by their words; `number` grows as rows come, and is what SQLite's index of words points to."""
    return Table(
        name,
        metadata,
        Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("case_id", String(40), nullable=False, unique=True),
        Column("words", WordSet, nullable=False),
    )


# A case is in one of the two: what has ended stands in the order in which it ended.
ended_words = _words("case_words")
waiting_words = _words("waiting_words")
# The index of words: a GIN index in PostgreSQL; in SQLite an FTS5 table over each, which triggers keep in step.
ended_words_fts = table("case_words_fts", column("rowid"), column("case_words_fts"))
waiting_words_fts = table("waiting_words_fts", column("rowid"), column("waiting_words_fts"))
