"""Migrations: the steps from an empty database to today's schema, for SQLite and PostgreSQL alike."""
