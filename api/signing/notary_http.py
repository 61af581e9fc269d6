"""The dossier's notary over HTTP: the public API of an evidence service, as any platform uses it.

By default that is this very service, over loopback: the pipeline gets no other way into the log than its customers have,
and each of its claims is signed with a key of its own, registered for the tenant at its first deposit.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import httpx
from zheng_client import Client, Deposited, ProblemError, ServiceUnreachableError, UnprovenError
from zheng_client.evidence import SealedClaim
from zheng_client.model import LogIdentity as ClientLog
from zheng_verifier.receipt import Receipt

from api.errors import NotInitialisedError
from api.signing.depositors import Depositors
from signing.dossier.errors import RefusedNotaryError, UnavailableNotaryError, UnprovenReceiptError
from signing.dossier.model import Opening, Statement
from signing.dossier.ports import CaseHead, LogIdentity

# Refusals of a repeated deposit whose first answer was lost: the service has the event and is asked for it.
_DEPOSITED_BEFORE = ("id-reused", "clock-skew")


class HttpNotary:
    """Implements ``signing.dossier.ports.Notary``; safe to use from several threads."""

    def __init__(
        self,
        url: str,
        log: Callable[[], LogIdentity],
        depositors: Depositors,
        *,
        timeout: float,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._url = url
        self._log = log
        self._depositors = depositors
        self._timeout = timeout
        self._transport = transport
        self._mutex = threading.Lock()
        self._clients: dict[str, Client] = {}

    def close(self) -> None:
        """Close all connections."""
        with self._mutex:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def log(self) -> LogIdentity:
        """Give the log that receipts are held against."""
        return self._log()

    def open_case(self, tenant: str, opening: Opening) -> Receipt:
        """Open a case."""
        with _told():
            return (
                self._client(tenant)
                .evidence.open_case(
                    opening.kind,
                    required=opening.required,
                    close_by=opening.close_by,
                    external_ref=opening.reference,
                    id=opening.id,
                )
                .receipt
            )

    def deposit(self, tenant: str, case: str, statements: Sequence[Statement]) -> Sequence[Receipt]:
        """Sign claims and deposit them, one in a request of its own, several in a batch."""
        claims = [SealedClaim(each.claim, each.disclosures) for each in statements]
        with _told():
            client = self._registered(tenant)
            try:
                deposited = _send(client, case, claims)
            except ProblemError as problem:
                if (
                    problem.code == "jws-key-unknown"
                ):  # the service lost the registration: next time it is made anew
                    self._depositors.mark(tenant, registered=False)
                    raise UnavailableNotaryError("the signing key has to be registered again") from problem
                if problem.code not in _DEPOSITED_BEFORE:
                    raise
                deposited = _find(client, claims, problem)
        return [each.receipt for each in deposited]

    def head(self, tenant: str, case: str) -> CaseHead:
        """Ask how the case stands."""
        with _told():
            found = self._client(tenant).evidence.case(case)
        return CaseHead(found.events, found.head)

    def leave(self, tenant: str, case: str, content: bytes) -> None:
        """Leave a document, to be kept."""
        with _told():
            self._client(tenant).evidence.leave_document(case, content)

    def erase(self, tenant: str, case: str, event_id: str, basis: str) -> Receipt:
        """Have a case erased."""
        with _told():
            return self._client(tenant).evidence.erase_case(case, basis, id=event_id).receipt

    def _client(self, tenant: str) -> Client:
        with self._mutex:
            client = self._clients.get(tenant)
            if client is None:
                means, log = self._depositors.get(tenant), self._log()
                client = self._clients[tenant] = Client(
                    self._url,
                    means.api_key,
                    tenant=tenant,
                    key=means.key,
                    log=ClientLog(log.origin, log.key),
                    timeout=self._timeout,
                    transport=self._transport,
                )
            return client

    def _registered(self, tenant: str) -> Client:
        """Give the tenant's client, its key registered: under one id, however often that is tried."""
        client, means = self._client(tenant), self._depositors.get(tenant)
        if not means.registered:
            client.evidence.register_key(id=means.registration)
            self._depositors.mark(tenant, registered=True)
        return client


@contextmanager
def _told() -> Iterator[None]:
    """Tell the client's errors in the words of the port."""
    try:
        yield
    except ServiceUnreachableError as error:
        raise UnavailableNotaryError(str(error)) from error
    except ProblemError as problem:
        if problem.retry:
            raise UnavailableNotaryError(str(problem)) from problem
        raise RefusedNotaryError(problem.code, problem.detail) from problem
    except UnprovenError as error:
        raise UnprovenReceiptError(str(error)) from error
    except NotInitialisedError as error:
        raise RefusedNotaryError("key-missing", str(error)) from error


def _send(client: Client, case: str, claims: Sequence[SealedClaim]) -> Sequence[Deposited]:
    if len(claims) == 1:
        return [client.evidence.deposit_claim(claims[0])]
    return client.evidence.deposit_claims(case, claims)


def _find(client: Client, claims: Sequence[SealedClaim], refused: ProblemError) -> Sequence[Deposited]:
    """Get the receipts of claims that were deposited before; the refusal stands if they were not, or are others."""
    try:
        return [client.evidence.event(each.claim.id, claim=each.claim) for each in claims]
    except (ProblemError, UnprovenError):
        raise refused from None
