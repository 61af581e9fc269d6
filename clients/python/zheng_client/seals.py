"""Seals of the signing pipeline: drawn, approved by another person, put in force, granted (`/v1/signing/seals`)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from zheng_client.answers import Answer
from zheng_client.http import Http
from zheng_client.parties import given

_SEALS = "/v1/signing/seals"
_PICTURE = "image/*"


@dataclass(frozen=True, slots=True)
class RoundSeal:
    """A company's round seal: its name along the upper arc, words across, a number along the lower arc."""

    name: str
    lines: Sequence[str] = ()
    number: str = ""
    star: bool = True
    diameter_um: int = 40_000

    def write(self) -> JsonObject:
        """Give the design as the API takes it."""
        return {
            "kind": "company",
            "outline": "circle",
            "width_um": self.diameter_um,
            "height_um": self.diameter_um,
            "upper_text": self.name,
            "lines": list(self.lines),
            "lower_text": self.number,
            "star": self.star,
        }


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as it stands; ``image`` is the SHA-256 (hex) of its picture. ``answer`` holds all that was said."""

    id: str
    name: str
    seal_type: str
    state: str
    image: str
    answer: JsonObject


class Seals:
    """Keeps seals. What one person makes another approves."""

    def __init__(self, http: Http, *, uuid: Callable[[], str]) -> None:
        self._http = http
        self._uuid = uuid

    def create(
        self,
        name: str,
        seal_type: str,
        design: RoundSeal | JsonObject,
        *,
        holder: str | None = None,
        id: str | None = None,  # noqa: A002  # the API's own word
    ) -> Seal:
        """Draw a seal and keep it; ``design`` otherwise as in the API; without a ``holder`` it is the organisation's."""
        drawn = design.write() if isinstance(design, RoundSeal) else design
        body = given(id=id or self._uuid(), name=name, seal_type=seal_type, design=drawn, holder=holder)
        return _seal(self._http.post(_SEALS, body))

    def all(self) -> Iterator[Seal]:
        """List the seals one keeps, holds, may use or decides about."""
        return (_seal(each) for each in self._http.pages(_SEALS))

    def get(self, seal: str) -> Seal:
        """Look at a seal."""
        return _seal(self._http.get(f"{_SEALS}/{seal}"))

    def picture(self, seal: str) -> bytes:
        """Fetch the picture, byte for byte; that is logged."""
        return self._http.fetch(f"{_SEALS}/{seal}/picture", _PICTURE)

    def submit(self, seal: str) -> Seal:
        """Ask for a seal's approval."""
        return _seal(self._http.send_empty(f"{_SEALS}/{seal}:submit"))

    def decide(self, seal: str, *, approve: bool, reason: str | None = None) -> Seal:
        """Approve a seal, or reject it: whoever neither made nor submitted it."""
        return _seal(self._http.post(f"{_SEALS}/{seal}:decide", given(approve=approve, reason=reason)))

    def enable(self, seal: str, *, reason: str | None = None) -> Seal:
        """Put an approved seal in force."""
        return _seal(self._http.post(f"{_SEALS}/{seal}:enable", given(reason=reason)))

    def grant(
        self,
        seal: str,
        grantee: str,
        *,
        valid_from: datetime,
        valid_to: datetime,
        kinds: Sequence[str] = (),
        contract: str | None = None,
        max_uses: int | None = None,
        id: str | None = None,  # noqa: A002
    ) -> str:
        """Let an account use a seal: for one contract, for kinds of contracts, or else for all; gives the grant's id."""
        scope = "single_contract" if contract is not None else "document_kinds" if kinds else "all"
        body = given(
            id=id or self._uuid(),
            grantee=grantee,
            scope=scope,
            kinds=list(kinds),
            contract=contract,
            max_uses=max_uses,
            valid_from=format_time(valid_from),
            valid_to=format_time(valid_to),
        )
        return self._http.post(f"{_SEALS}/{seal}/grants", body).text("id")


def _seal(answer: Answer) -> Seal:
    return Seal(
        id=answer.text("id"),
        name=answer.text("name"),
        seal_type=answer.text("seal_type"),
        state=answer.text("state"),
        image=answer.text("image"),
        answer=answer.value,
    )
