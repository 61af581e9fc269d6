"""SQLite engines and migrations: one Alembic history for each database, run at every start.

Connections come from `pysqlite3`, which brings its own SQLite (≥ 3.53): the SQLite that a Debian or Ubuntu
Python links can lose committed writes when several connections write in WAL mode (DESIGN §6).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pysqlite3 import dbapi2
from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from alembic.config import Config

History = Literal["ledger", "anchor", "api", "signing"]
HISTORIES: tuple[History, ...] = ("ledger", "anchor", "api", "signing")
MIGRATIONS = Path(__file__).parent / "migrations"

SQLITE_VERSION: str = dbapi2.sqlite_version


def sqlite_url(path: Path) -> str:
    """Give the SQLAlchemy URL of a database file."""
    return f"sqlite:///{path}"


def metadata_of(history: History) -> MetaData:
    """Give the tables that a history must lead to, as its package declares them."""
    match history:
        case "ledger":
            from ledger.models import LedgerBase

            return LedgerBase.metadata
        case "anchor":
            from anchor.models import AnchorBase

            return AnchorBase.metadata
        case "api":
            import api.institutions.models
            import api.jobs.models  # noqa: F401  # their tables are among them
            from api.accounts.models import ApiTable

            return ApiTable.metadata
        case "signing":
            from signing.tables import METADATA

            return METADATA


def migration_config(history: History) -> "Config":
    """Give Alembic's configuration of one history: shared `env.py`, own folder of versions."""
    from alembic.config import Config  # takes a second to import, and most commands migrate nothing

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(MIGRATIONS / history))
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: str, history: History) -> None:
    """Bring a database to the newest version of its history, in one transaction.

    Must run while nobody else writes the database: `zheng init` and `zheng serve` call it before they open it.
    """
    from alembic import command

    engine = create_engine(url, module=dbapi2, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            config = migration_config(history)
            config.attributes["connection"] = connection
            config.attributes["metadata"] = metadata_of(history)
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def open_api_engine(path: Path) -> Engine:
    """Open api.db: rollback journal, so that several processes may write it safely."""
    engine = create_engine(sqlite_url(path), module=dbapi2, connect_args={"timeout": 10.0})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
