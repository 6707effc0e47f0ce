"""Alembic's entry: brings a database of either kind to the newest schema, in one transaction."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from migrations.schema import is_described, metadata

_url = str(context.config.attributes["url"]).replace("postgresql://", "postgresql+psycopg://", 1)
_ONE_AT_A_TIME = 8_460_001


def _run() -> None:
    engine = create_engine(_url, poolclass=pool.NullPool)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        context.configure(
            connection=connection, target_metadata=metadata, render_as_batch=True, include_name=is_described
        )
        with context.begin_transaction():
            context.run_migrations()


_run()
