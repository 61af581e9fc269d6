"""The signing pipeline as a program uses it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.canonical import JsonObject

from zheng_client.contracts import Contracts, Documents
from zheng_client.http import Http
from zheng_client.people import People
from zheng_client.seals import Seals

_V1 = "/v1/signing"
_ANY = "*/*"


@dataclass(frozen=True, slots=True)
class PartySession:
    """The session that a one-time link was exchanged for; ``token`` is what a client is made with to sign."""

    contract: str
    party: str
    token: str


@dataclass(frozen=True, slots=True)
class SimulatedText:
    """What a simulated telephone received."""

    to: str
    text: str
    at: datetime


class Signing:
    """The pipeline for programs: ``people``, ``seals``, ``contracts`` and their ``documents``, templates."""

    def __init__(self, http: Http, *, uuid: Callable[[], str]) -> None:
        self._http = http
        self.people = People(http, uuid=uuid)
        self.seals = Seals(http, uuid=uuid)
        self.contracts = Contracts(http, uuid=uuid)
        self.documents = Documents(http, uuid=uuid)

    def use_link(self, token: str) -> PartySession:
        """Exchange the token of a party's one-time link for a session of that party of that contract."""
        entered = self._http.post(f"{_V1}/party-sessions", {"token": token, "cookie": False})
        return PartySession(entered.text("contract"), entered.text("party"), entered.text("token"))

    def templates(self) -> Iterator[JsonObject]:
        """List templates."""
        return (each.value for each in self._http.pages(f"{_V1}/templates"))

    def kept_file(self, owner: str, sha256: str) -> bytes:
        """Fetch a file that is kept of a contract, an account or a seal, by its digest in hex; the reading is logged."""
        return self._http.fetch(f"{_V1}/custody/{owner}/files/{sha256}", _ANY)

    def simulated_texts(self, to: str) -> tuple[SimulatedText, ...]:
        """List what a simulated telephone received, oldest first; only while texts are simulated.

        Raises:
            ProblemError: a real carrier is configured.

        """
        found = self._http.get(f"{_V1}/simulators/sms", params={"to": to}).objects("data")
        return tuple(SimulatedText(each.text("to"), each.text("text"), each.time("at")) for each in found)
