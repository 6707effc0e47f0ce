"""Writes the next migration from the difference between the tables in the code and those the migrations make.

`python -m migrations.new "what changes"`: read what it wrote before it is committed.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from core.database import Database, alembic_config


def main(message: str) -> None:
    """Compares against a fresh database at the newest version and writes the step that is missing."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'empty.db'}"
        database = Database(url)
        database.migrate()
        database.close()
        command.revision(alembic_config(url), message=message, autogenerate=True)


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or "change")
