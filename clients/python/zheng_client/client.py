"""The client put together."""

import os
import uuid as uuids
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx
from zheng_verifier.errors import EvidenceError
from zheng_verifier.policy import parse_policy

from zheng_client.errors import UnprovenError
from zheng_client.evidence import Evidence, Means
from zheng_client.http import Http
from zheng_client.issuance import Issuance
from zheng_client.keys import SubmitterKey
from zheng_client.model import LogIdentity
from zheng_client.public import Public
from zheng_client.signer import PartySide
from zheng_client.signing import Signing

_AGENT = "zheng-client/0.1"


def log_of(policy: bytes) -> LogIdentity:
    """Give the first log a trust policy names.

    Raises:
        UnprovenError: the policy cannot be read.

    """
    try:
        log = parse_policy(policy).logs[0]
        return LogIdentity(log.origin, log.keys[0].key)
    except (EvidenceError, IndexError) as error:
        raise UnprovenError(f"the trust policy names no log: {error}") from error


class Client:
    """A connection to one service, for one tenant; close it, or use it as a context manager.

    ``policy`` is a trust policy got from a better source than the service itself; without it the operator's own is
    fetched once, and receipts are held against the key that it names.
    """

    def __init__(
        self,
        url: str,
        api_key: str = "",
        *,
        tenant: str = "",
        key: SubmitterKey | None = None,
        policy: bytes | None = None,
        log: LogIdentity | None = None,
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        random: Callable[[int], bytes] = os.urandom,
        uuid: Callable[[], str] = lambda: str(uuids.uuid4()),
    ) -> None:
        headers = {"User-Agent": _AGENT} | ({"Authorization": f"Bearer {api_key}"} if api_key else {})
        self._client = httpx.Client(
            base_url=url, headers=headers, timeout=timeout, transport=transport, trust_env=False
        )
        http = Http(self._client)
        self._known = log if policy is None else log_of(policy)
        self.public = Public(http)
        self.evidence = Evidence(http, Means(tenant, key, clock, random, uuid), self.log)
        self.issuance = Issuance(http, uuid=uuid)
        self.signing = Signing(http, uuid=uuid)
        self._http, self._uuid = http, uuid

    def party_side(self, contract: str = "") -> PartySide:
        """Give the signer's side, for a client whose key is the token of a party's (or a member's) session."""
        return PartySide(self._http, uuid=self._uuid, contract=contract)

    def log(self) -> LogIdentity:
        """Give the log that receipts are held against."""
        if self._known is None:
            self._known = log_of(self.public.policy())
        return self._known

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def __enter__(self) -> Self:
        """Use the client until the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        self.close()
