"""Where everything of one installation lies on disk.

```
home/
├─ data/          ledger.db, blobs/            the log and the vault: one writing process
├─ signer/        log key, state, POISONED     never in a backup, never copied (docs/spec/checkpoint.md)
├─ vault-keys/    keys.db, kek, files/         apart from the data, with their own backup life
├─ anchor/        anchor.db                    tokens and chain proofs: owned by the worker
├─ chain/         embedded chain and its keys  owned by the worker
├─ tsa/           test CA and test TSA
├─ issuer/        what certificates and reports are sealed and signed with
├─ api/           api.db, certificates/        tenants, keys, certificates as printed
│                 jobs.db, packages/, reports/ the queue of jobs, and what they made: encrypted, for some days
├─ signing/       signing.db, blobs/, ca/      contracts and whoever signs them; files, encrypted; the test CA
│                 keys/                        their data keys: apart, with their own backup life
│                 notary/                      what the pipeline deposits its evidence with
└─ policy.json    the trust policy this installation publishes
```
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER_MODE = 0o700
SECRET_MODE = 0o600


@dataclass(frozen=True, slots=True)
class HomePaths:
    """The data-folder layout below one ``home``; only names, nothing is created or opened."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def ledger_db(self) -> Path:
        return self.data / "ledger.db"

    @property
    def blobs(self) -> Path:
        return self.data / "blobs"

    @property
    def signer(self) -> Path:
        return self.home / "signer"

    @property
    def vault_keys(self) -> Path:
        return self.home / "vault-keys"

    @property
    def anchor(self) -> Path:
        return self.home / "anchor"

    @property
    def anchor_db(self) -> Path:
        return self.anchor / "anchor.db"

    @property
    def anchor_request(self) -> Path:
        """A file that is touched to have the newest checkpoint taken now."""
        return self.anchor / "requested"

    @property
    def chain(self) -> Path:
        return self.home / "chain"

    @property
    def tsa(self) -> Path:
        return self.home / "tsa"

    @property
    def issuer(self) -> Path:
        return self.home / "issuer"

    @property
    def api(self) -> Path:
        return self.home / "api"

    @property
    def api_db(self) -> Path:
        return self.api / "api.db"

    @property
    def certificates(self) -> Path:
        return self.api / "certificates"

    @property
    def jobs_db(self) -> Path:
        """The queue's own file; jobs themselves are rows of api.db."""
        return self.api / "jobs.db"

    @property
    def packages(self) -> Path:
        return self.api / "packages"

    @property
    def reports(self) -> Path:
        return self.api / "reports"

    @property
    def file_keys(self) -> Path:
        """The keys of files in `packages` and `reports`, one each."""
        return self.vault_keys / "files"

    @property
    def signing(self) -> Path:
        return self.home / "signing"

    @property
    def signing_db(self) -> Path:
        return self.signing / "signing.db"

    @property
    def signing_blobs(self) -> Path:
        return self.signing / "blobs"

    @property
    def signing_keys(self) -> Path:
        """Data keys of the pipeline's files: apart from the files, as `vault_keys` is from `data`."""
        return self.signing / "keys"

    @property
    def signing_ca(self) -> Path:
        return self.signing / "ca"

    @property
    def signing_notary(self) -> Path:
        """The pipeline's own keys as a depositor, one file for each tenant."""
        return self.signing / "notary"

    @property
    def policy(self) -> Path:
        return self.home / "policy.json"

    def folders(self) -> tuple[Path, ...]:
        """Every folder `zheng init` makes, parents first."""
        return (
            self.home,
            self.data,
            self.blobs,
            self.signer,
            self.vault_keys,
            self.anchor,
            self.chain,
            self.tsa,
            self.issuer,
            self.api,
            self.certificates,
            self.packages,
            self.reports,
            self.file_keys,
            self.signing,
            self.signing_blobs,
            self.signing_keys,
            self.signing_ca,
            self.signing_notary,
        )

    def create(self) -> None:
        """Make the folders, closed to other users; folders that exist are left as they are."""
        for folder in self.folders():
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
