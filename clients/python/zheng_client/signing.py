"""The signing pipeline as a program uses it, and as a party's own page does."""

from collections.abc import Callable, Iterator, Sequence

from zheng_verifier.canonical import JsonObject, format_json

from zheng_client.answers import Answer
from zheng_client.contracts import Contracts, Documents
from zheng_client.http import JSON, Http
from zheng_client.parties import given

_V1 = "/v1/signing"
_CHALLENGES = "/challenges"


class Signing:
    """The pipeline for programs: ``contracts`` and their ``documents``, people, identities, seals, templates.

    What the pipeline says of people, seals and templates is given as the JSON objects of its API.
    """

    def __init__(self, http: Http, *, uuid: Callable[[], str]) -> None:
        self._http = http
        self._uuid = uuid
        self.contracts = Contracts(http, uuid=uuid)
        self.documents = Documents(http, uuid=uuid)

    def use_link(self, token: str) -> JsonObject:
        """Exchange the token of a party's one-time link for its session: contract, party, and the session's token."""
        return self._http.post(f"{_V1}/party-sessions", {"token": token}).value

    def create_contact(self, kind: str, *, id: str | None = None, **profile: str) -> JsonObject:  # noqa: A002
        """Create an external person or company; ``profile``: external_id, name, phone, email, id_number …"""
        body = given(id=id or self._uuid(), kind=kind, **profile)
        return self._http.post(f"{_V1}/contacts", body).value

    def contacts(self) -> Iterator[JsonObject]:
        """List external persons and companies."""
        return (each.value for each in self._http.pages(f"{_V1}/contacts"))

    def members(self) -> Iterator[JsonObject]:
        """List the organisation's own members."""
        return (each.value for each in self._http.pages(f"{_V1}/members"))

    def begin_identity(
        self,
        account: str,
        method: str,
        *,
        details: JsonObject | None = None,
        id: str | None = None,  # noqa: A002
    ) -> JsonObject:
        """Begin a check of an account's identity; ``details`` is what the method needs and nobody keeps."""
        body: JsonObject = {"id": id or self._uuid(), "account": account, "method": method}
        return self._http.post(f"{_V1}/identities", body | (details or {})).value

    def identity(self, check: str) -> JsonObject:
        """Look how far a check is."""
        return self._http.get(f"{_V1}/identities/{check}").value

    def create_seal(
        self,
        name: str,
        seal_type: str,
        design: JsonObject,
        *,
        holder: str | None = None,
        id: str | None = None,  # noqa: A002
    ) -> JsonObject:
        """Draw a seal."""
        body = given(id=id or self._uuid(), name=name, seal_type=seal_type, design=design, holder=holder)
        return self._http.post(f"{_V1}/seals", body).value

    def seals(self) -> Iterator[JsonObject]:
        """List seals."""
        return (each.value for each in self._http.pages(f"{_V1}/seals"))

    def templates(self) -> Iterator[JsonObject]:
        """List templates."""
        return (each.value for each in self._http.pages(f"{_V1}/templates"))


class PartySide:
    """One party's side of a contract: see, note, choose, confirm, refuse. Made with the token of a party's session.

    A member's session names the ``contract``; a party's knows it.
    """

    def __init__(self, http: Http, *, uuid: Callable[[], str], contract: str = "") -> None:
        self._http = http
        self._uuid = uuid
        self._query = f"?contract={contract}" if contract else ""

    def look(self) -> JsonObject:
        """Give documents, highlighted terms, whose turn it is, and the texts to agree to."""
        return self._http.get(self._path("")).value

    def document(self, document: str) -> bytes:
        """Give the bytes that would be signed."""
        return self._http.fetch(self._path(f"/documents/{document}"), "application/pdf")

    def viewed(self, document: str, sha256: str, *, pages: int, dwell_ms: int) -> None:
        """Tell that these bytes were shown, all pages to the end."""
        self._post(
            "/viewed",
            {
                "document": document,
                "document_sha256": sha256,
                "pages_total": pages,
                "pages_viewed": pages,
                "dwell_ms": dwell_ms,
                "scrolled_to_end": True,
            },
        )

    def acknowledge(self, document: str, terms: Sequence[str], *, locale: str = "zh-CN") -> None:
        """Note the highlighted terms of a document, all of them."""
        self._post("/terms", {"document": document, "terms": list(terms), "locale": locale})

    def choose(self, *, seal: str | None = None, text: str | None = None) -> None:
        """Choose what the signature shows: a seal, or a typed name."""
        self._http.send(
            "PUT",
            self._path("/signature"),
            content=format_json(given(seal=seal, text=text)),
            headers={"Content-Type": JSON},
        )

    def challenge(self, method: str, *, locale: str = "zh-CN", id: str | None = None) -> JsonObject:  # noqa: A002
        """Have a code sent, or another challenge begun; the same ``id`` again sends nothing anew."""
        body: JsonObject = {"id": id or self._uuid(), "method": method, "locale": locale}
        return Answer(self._post(_CHALLENGES, body)).value

    def answer(self, challenge: str, answer: str = "", *, action: str = "click") -> JsonObject:
        """Answer a challenge, which confirms the intent; the signature follows."""
        return Answer(
            self._post(f"{_CHALLENGES}/{challenge}/answer", {"answer": answer, "action": action})
        ).value

    def reject(self, reason_code: str, *, reason: str = "") -> None:
        """Refuse to sign."""
        self._post("/reject", {"reason_code": reason_code, "reason": reason})

    def file(self, document: str) -> bytes:
        """Take a copy of the signed document; that is recorded."""
        return self._http.fetch(self._path(f"/files/{document}"), "application/pdf")

    def _path(self, rest: str) -> str:
        return f"{_V1}/party{rest}{self._query}"

    def _post(self, rest: str, body: JsonObject) -> JsonObject:
        response = self._http.post_for(self._path(rest), body)
        return Answer(response.json()).value if response.content else {}
