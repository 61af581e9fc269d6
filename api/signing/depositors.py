"""The pipeline's own keys as a depositor: for each tenant one file, readable by the service's user alone.

A file holds the key that signs claims and the API key they are sent with. Both are made at the tenant's first deposit and
shown to nobody. They lie together because they are worth the same to a thief: whoever has either can speak for the
pipeline to this service, and both are revoked alike (`zheng key revoke` names the API key, labelled "signing pipeline").
In a file, not only in memory: a restart leaves no revoked keys behind, and a claim sent again is the same request.

For a foreign service its operator's API key is put there by hand: `{"api_key": "zk_live_…"}`; the rest is added.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from zheng_client import SubmitterKey

from api.accounts.store import ApiStore
from api.errors import NotInitialisedError
from signing.custody.files import write_private_file

LABEL = "signing pipeline"
SCOPES = frozenset({"cases:write", "events:write", "evidence:read", "keys:write"})


@dataclass(frozen=True, slots=True)
class Depositor:
    """One tenant's means: ``registration`` is the id its key is registered under, ``registered`` whether that was done."""

    tenant: str
    api_key: str
    key: SubmitterKey
    registration: str
    registered: bool


class Depositors:
    """Keeps the files; ``store`` None: API keys come from elsewhere."""

    def __init__(self, folder: Path, store: ApiStore | None, *, uuid: Callable[[], str]) -> None:
        self._folder = folder
        self._store = store
        self._uuid = uuid
        self._mutex = threading.Lock()
        self._known: dict[str, Depositor] = {}

    def get(self, tenant: str) -> Depositor:
        """Give a tenant's means, making them if there are none.

        Raises:
            NotInitialisedError: the service is a foreign one, and nobody put its API key here.
        """
        with self._mutex:
            if tenant not in self._known:
                self._known[tenant] = self._open(tenant)
            return self._known[tenant]

    def mark(self, tenant: str, *, registered: bool) -> Depositor:
        """Remember whether the tenant's key is registered."""
        with self._mutex:
            return self._keep(replace(self._known[tenant], registered=registered))

    def _open(self, tenant: str) -> Depositor:
        path = self._path(tenant)
        known: dict[str, str] = json.loads(path.read_bytes()) if path.exists() else {}
        if "key" in known:
            key = SubmitterKey.from_pem(known["key"].encode())
            registered = known["registered"] == "yes"
            return Depositor(tenant, known["api_key"], key, known["registration"], registered)
        api_key = known.get("api_key") or self._mint(tenant, path)
        return self._keep(Depositor(tenant, api_key, SubmitterKey.generate(), self._uuid(), registered=False))

    def _mint(self, tenant: str, path: Path) -> str:
        if self._store is None:
            raise NotInitialisedError(
                f"{path.name} in {path.parent} must name an API key of the foreign service"
            )
        for old in self._store.keys(tenant):
            if old.label == LABEL and old.revoked_at is None:  # its file never came to be, so nobody has it
                self._store.revoke_key(old.key_id)
        new, _ = self._store.create_key(tenant, label=LABEL, scopes=SCOPES, lifetime=None)
        return new.text

    def _keep(self, depositor: Depositor) -> Depositor:
        written = {
            "api_key": depositor.api_key,
            "key": depositor.key.pem().decode(),
            "registration": depositor.registration,
            "registered": "yes" if depositor.registered else "no",
        }
        write_private_file(self._path(depositor.tenant), json.dumps(written, indent=1).encode())
        self._known[depositor.tenant] = depositor
        return depositor

    def _path(self, tenant: str) -> Path:
        return self._folder / f"{tenant}.json"
