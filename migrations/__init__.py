"""Alembic migrations: the only way a table comes to be."""
