"""The migrations of signing.db lead to the very tables, indexes and triggers that the pipeline declares."""

import re
from pathlib import Path

import pytest

from api.database import migrate, sqlite_url
from signing.database import open_engine
from signing.tables import METADATA

ROOT = Path(__file__).resolve().parents[3]


def schema(engine):
    """Give what SQLite keeps of every index and trigger, spaces aside; of tables (which Alembic compares) the names."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'"
        ).all()
    return {
        (kind, name): "" if kind == "table" else re.sub(r"\s+", " ", sql).replace('"', "").strip()
        for kind, name, sql in rows
    }


@pytest.fixture
def engines(tmp_path):
    migrate(sqlite_url(tmp_path / "migrated.db"), "signing")
    made = open_engine(tmp_path / "migrated.db"), open_engine(tmp_path / "declared.db")
    yield made
    for each in made:
        each.dispose()


def test_migrations_lead_to_what_is_declared(engines):
    """Also what Alembic cannot compare: partial and expression indexes, and triggers."""
    migrated, declared = engines
    METADATA.create_all(declared)
    expected, found = schema(declared), schema(migrated)
    assert found.keys() == expected.keys()
    assert {name for name in expected if found[name] != expected[name]} == set()


def test_no_table_is_forgotten():
    """Every module that declares a table of signing.db is imported by ``signing.tables``."""
    declaring = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "signing").rglob("*.py")
        if "(SigningBase, table=True)" in path.read_text("utf-8")
    }
    source = (ROOT / "signing" / "tables.py").read_text("utf-8")
    assert declaring == set(re.findall(r"^import (signing\.\S+)", source, re.MULTILINE))
