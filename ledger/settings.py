"""Where a log's parts lie and how it is bounded."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """What a log is told when it is opened.

    ``signer`` and ``vault_keys`` lie outside the data folder, since their backups live by other rules: the signer's
    memory must be in none. ``origin`` and ``operator_tenant`` are needed to create a log; later, if given, they must
    be those it was created with. ``min_outside_memories``: how many witnesses, contracts or published checkpoints
    must answer before anything is signed; a production log has at least 1.
    """

    database: Path
    blobs: Path
    signer: Path
    vault_keys: Path
    origin: str = ""
    operator_tenant: str = ""
    min_outside_memories: int = 0
    queue_limit: int = 4096
    group_limit: int = 1024

    @classmethod
    def in_home(
        cls, home: Path, *, origin: str = "", operator_tenant: str = "", min_outside_memories: int = 0
    ) -> "LedgerSettings":
        """Lay everything out below one folder, as the embedded installation does."""
        return cls(
            database=home / "data" / "ledger.db",
            blobs=home / "data" / "blobs",
            signer=home / "signer",
            vault_keys=home / "vault-keys",
            origin=origin,
            operator_tenant=operator_tenant,
            min_outside_memories=min_outside_memories,
        )
