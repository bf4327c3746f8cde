"""The database: the only rooms that import SQLAlchemy and Alembic."""
