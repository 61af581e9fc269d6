"""The first migration of ledger.db makes the very tables that the models describe."""

import importlib.util
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from ledger.database import create_schema, open_writer

MIGRATION = Path(__file__).resolve().parents[2] / "api" / "migrations" / "ledger" / "0001_first_tables.py"


def _tables(engine):
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master ORDER BY type, name"))
        return {(row.type, row.name): " ".join((row.sql or "").split()) for row in rows}


def test_migration_and_models_make_the_same_schema(tmp_path):
    """Byte for byte the same statements: column types, keys, uniqueness, WITHOUT ROWID, indexes."""
    spec = importlib.util.spec_from_file_location("first_tables", MIGRATION)
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    migrated, created = open_writer(tmp_path / "migrated.db"), open_writer(tmp_path / "created.db")
    with migrated.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration.upgrade()
    create_schema(created)
    assert _tables(created) == _tables(migrated)
    assert len(_tables(created)) > 10
    migrated.dispose()
    created.dispose()
