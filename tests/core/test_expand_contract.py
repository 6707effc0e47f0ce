"""Two releases work on one database: a step only adds, so that the release before it reads and writes on beside it.

See docs/operations.md. A step that takes away is a later release's, and is named here with that release.
"""

import ast
import re
import uuid
from pathlib import Path

import pytest
from sqlalchemy import text

from core.database import MIGRATIONS, Database, SchemaState

STEPS = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
FIRST_HELD = "0034"
"""Steps before the first release may have done anything: no two releases were alive."""

TAKING_AWAY = frozenset({"drop_table", "drop_column", "drop_constraint", "rename_table"})
CONTRACTS: dict[str, str] = {}
"""A step that takes away, and the release since which nobody uses what it takes."""

_SQL = re.compile(r"\b(DROP\s+(TABLE|COLUMN)|RENAME|ALTER\s+COLUMN|SET\s+NOT\s+NULL)\b", re.IGNORECASE)


def wrongs(source: str) -> list[str]:
    """What of a step's `upgrade` a node of the release before would stumble over."""
    module = ast.parse(source)
    functions = [one for one in module.body if isinstance(one, ast.FunctionDef) and one.name != "downgrade"]
    found = []
    for call in (node for one in functions for node in ast.walk(one) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        told = {word.arg: word.value for word in call.keywords}
        if name in TAKING_AWAY:
            found.append(name)
        if name == "alter_column" and {"nullable", "new_column_name", "type_"} & set(told):
            found.append("alter_column")
        if name == "add_column" and any(_is_demanding(one) for one in call.args):
            found.append("add_column NOT NULL without a default")
    texts = [one.value for one in ast.walk(module) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    in_downgrade = {
        one.value
        for function in module.body
        if isinstance(function, ast.FunctionDef) and function.name == "downgrade"
        for one in ast.walk(function)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
    return found + [one[:40] for one in texts if one not in in_downgrade and _SQL.search(one)]


def _is_demanding(column: ast.expr) -> bool:
    if not isinstance(column, ast.Call):
        return False
    told = {word.arg: word.value for word in column.keywords}
    nullable = told.get("nullable")
    return isinstance(nullable, ast.Constant) and nullable.value is False and "server_default" not in told


@pytest.mark.parametrize("step", [one for one in STEPS if one.name[:4] >= FIRST_HELD], ids=lambda one: one.name[:4])
def test_a_step_only_adds(step: Path) -> None:
    assert wrongs(step.read_text("utf-8")) == [] or step.name[:4] in CONTRACTS


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_column("cases", "route")',
        'op.drop_table("cases")',
        'op.add_column("cases", sa.Column("x", sa.Text(), nullable=False))',
        'op.alter_column("cases", "x", nullable=False)',
        'op.execute("ALTER TABLE cases RENAME COLUMN a TO b")',
        'batch.alter_column("x", new_column_name="y")',
    ],
)
def test_the_rule_sees_what_breaks_the_release_before(body: str) -> None:
    assert wrongs(f"def upgrade():\n    {body}\n")
    assert not wrongs(f"def upgrade():\n    pass\n\n\ndef downgrade():\n    {body}\n")


def test_an_added_column_with_a_default_is_no_harm() -> None:
    assert not wrongs(
        'def upgrade():\n    op.add_column("c", sa.Column("x", sa.Text(), nullable=False, server_default=""))\n'
    )
    assert not wrongs('def upgrade():\n    op.add_column("c", sa.Column("x", sa.Text(), nullable=True))\n')


def test_a_node_of_the_release_before_starts_and_works_on_a_schema_that_is_ahead(database: Database) -> None:
    """As after a newer node's upgrade: a table and a column more, and a revision this release has never heard of."""
    later = uuid.uuid4().hex[:12]
    with database.write() as session:
        session.run(text("ALTER TABLE documents ADD COLUMN of_tomorrow TEXT"))
        session.run(text("CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY)"))
        session.run(text("UPDATE alembic_version SET version_num = :later").bindparams(later=later))
    database.migrate()
    assert database.schema_state() is SchemaState.AHEAD
    assert database.is_migrated()
    assert database.revision() == later


def test_a_database_that_lacks_a_step_is_behind(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    database.migrate_to("0033")
    assert database.schema_state() is SchemaState.BEHIND
    database.migrate()
    assert database.schema_state() is SchemaState.CURRENT
    database.close()
