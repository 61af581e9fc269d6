"""One party's side of a contract, as a signing page has it (`/v1/signing/party`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from zheng_verifier.canonical import JsonObject, JsonValue

from zheng_client.answers import Answer
from zheng_client.http import Http
from zheng_client.parties import given
from zheng_client.people import PublishedText

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class PenPoint:
    """Where a pen was: x to the right, y downwards, in any unit; milliseconds since the first point."""

    x: int
    y: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term of weight that has to be noted before signing; the sender marked it, or a keyword found it."""

    id: str
    kind: str
    page: int


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field that is this party's to fill in; ``value`` is what it entered, "" for nothing yet.

    ``kind``: text, number (4200.00), date (2027-01-31), choice (one of ``options``), checkbox (true, false).
    """

    name: str
    label: str
    kind: str
    required: bool
    page: int
    value: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentToSign:
    """A document as it is now, by the SHA-256 (hex) of its bytes; ``sealed``: its place asks this party for a seal.

    ``fields`` are the party's own to fill in: see ``PartySide.enter``.
    """

    document: str
    sha256: str
    terms: tuple[Term, ...]
    sealed: bool
    fields: tuple[OwnField, ...]


@dataclass(frozen=True, slots=True)
class Demands:
    """What the sender wants shown: identity at ``identity_level``, where ``level`` is held; one of ``factors``, if any."""

    identity_level: str
    level: str
    reached: bool
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentityStep:
    """How far a party's verification is: ``methods`` that reach the level, ``state`` of the newest check, None: none yet.

    ``agent``: the person who acts for the party is verified now, the party after him; ``given`` values are known.
    """

    reached: bool
    level: str
    agent: bool
    methods: tuple[str, ...]
    given: tuple[str, ...]
    check: str | None
    state: str | None
    answer: JsonObject


@dataclass(frozen=True, slots=True)
class SignerContract:
    """A contract as one party has it: ``turn`` tells whether it may act, ``methods`` how it may confirm."""

    contract: str
    title: str
    state: str
    case: str | None
    turn: bool
    documents: tuple[DocumentToSign, ...]
    methods: tuple[str, ...]
    demands: Demands
    answer: JsonObject


@dataclass(frozen=True, slots=True)
class SealToUse:
    """A seal that a party may use, by the name its keeper gave it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class VoidRequest:
    """The sender asks the party to agree that the contract is void: why, and whether it has ``agreed``."""

    reason: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that was sent; the code is in nobody's hands but the party's."""

    id: str
    method: str
    state: str


@dataclass(frozen=True, slots=True)
class Act:
    """How a signing stands: ``signed``, ``confirmed`` (the signature follows by itself), or failed for ``reason``."""

    state: str
    reason: str | None


class PartySide:
    """One party's side of a contract: see, note, choose, confirm, refuse. Made with the token of a party's session.

    A member's session names the ``contract``; a party's knows it.
    """

    def __init__(self, http: Http, *, uuid: Callable[[], str], contract: str = "") -> None:
        self._http = http
        self._uuid = uuid
        self._query = f"?contract={contract}" if contract else ""

    def look(self) -> SignerContract:
        """Give documents, highlighted terms, whose turn it is, and the texts to agree to (in ``answer``)."""
        seen = self._http.get(self._path(""))
        return SignerContract(
            contract=seen.text("contract"),
            title=seen.text("title"),
            state=seen.text("state"),
            case=seen.optional_text("case"),
            turn=seen.boolean("turn"),
            documents=tuple(_document(each) for each in seen.objects("documents")),
            methods=seen.texts("methods"),
            demands=_demands(seen.object("demands")),
            answer=seen.value,
        )

    def document(self, document: str) -> bytes:
        """Give the bytes that would be signed."""
        return self._http.fetch(self._path(f"/documents/{document}"), _PDF)

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

    def enter(self, document: str, values: Mapping[str, str]) -> None:
        """Fill in the fields that were left to this party, all at once; the document is another one then: look again."""
        self._http.send_json("PUT", self._path(f"/documents/{document}/values"), {"values": dict(values)})

    def acknowledge(self, document: str, terms: Sequence[str], *, locale: str = "zh-CN") -> None:
        """Note the highlighted terms of a document, all of them."""
        self._post("/terms", {"document": document, "terms": list(terms), "locale": locale})

    def choose(
        self,
        *,
        seal: str | None = None,
        text: str | None = None,
        strokes: Sequence[Sequence[PenPoint]] | None = None,
    ) -> None:
        """Choose what the signature shows: a seal, a typed name, or a drawing; exactly one of them."""
        drawn: list[JsonValue] | None = None
        if strokes is not None:
            drawn = [[{"x": p.x, "y": p.y, "at_ms": p.at_ms} for p in stroke] for stroke in strokes]
        self._http.send_json("PUT", self._path("/signature"), given(seal=seal, text=text, strokes=drawn))

    def seals(self) -> tuple[SealToUse, ...]:
        """List the seals this party may use here."""
        found = self._http.get(self._path("/seals")).objects("data")
        return tuple(SealToUse(each.text("id"), each.text("name")) for each in found)

    def identity(self) -> IdentityStep:
        """Say what is demanded of the party's identity, and how far it is."""
        return _identity(self._http.get(self._path("/identity")))

    def identify(
        self,
        method: str,
        *,
        consents: Sequence[PublishedText] = (),
        id: str | None = None,  # noqa: A002
        **values: str,
    ) -> IdentityStep:
        """Begin a check: ``values`` are those that the method compares and the account lacks (id_number, phone, uscc …)."""
        agreed: list[JsonValue] = [each.agreed() for each in consents]
        body: JsonObject = {"id": id or self._uuid(), "method": method, "consents": agreed, **values}
        return _identity(self._http.post(self._path("/identity"), body))

    def identify_material(self, check: str, content: bytes, media_type: str) -> IdentityStep:
        """Give an image of the face, or a file for the examiner."""
        path, headers = self._path(f"/identity/{check}/material"), {"Content-Type": media_type}
        sent = self._http.send("PUT", path, content=content, headers=headers)
        return _identity(Answer(sent.json()))

    def challenge(self, method: str, *, locale: str = "zh-CN", id: str | None = None) -> Challenge:  # noqa: A002
        """Have a code sent, or another challenge begun; the same ``id`` again sends nothing anew."""
        body: JsonObject = {"id": id or self._uuid(), "method": method, "locale": locale}
        asked = self._http.post(self._path("/challenges"), body)
        return Challenge(asked.text("id"), asked.text("method"), asked.text("state"))

    def answer(self, challenge: str, answer: str = "", *, action: str = "click") -> Act:
        """Answer a challenge, which confirms the intent; the signature follows."""
        path = self._path(f"/challenges/{challenge}/answer")
        done = self._http.post(path, {"answer": answer, "action": action})
        return Act(done.text("state"), done.optional_text("reason"))

    def reject(self, reason_code: str, *, reason: str = "") -> None:
        """Refuse to sign; the contract ends for all."""
        self._post("/reject", {"reason_code": reason_code, "reason": reason})

    def void_request(self) -> VoidRequest | None:
        """Give the question whether the contract is void; None: this party is not asked."""
        found = self._http.get(self._path("/void-request"))
        if not found.boolean("asked"):
            return None
        return VoidRequest(found.text("reason"), found.boolean("agreed"))

    def agree_void(self) -> None:
        """Agree that the contract is void; whoever does not agree does nothing."""
        self._post("/void-agreement", {})

    def file(self, document: str) -> bytes:
        """Take a copy of the signed document; that is recorded."""
        return self._http.fetch(self._path(f"/files/{document}"), _PDF)

    def _path(self, rest: str) -> str:
        return f"/v1/signing/party{rest}{self._query}"

    def _post(self, rest: str, body: JsonObject) -> None:
        self._http.send_json("POST", self._path(rest), body)


def _field(answer: Answer) -> OwnField:
    return OwnField(
        name=answer.text("name"),
        label=answer.text("label"),
        kind=answer.text("kind"),
        required=answer.boolean("required"),
        page=answer.integer("page"),
        value=answer.text("value"),
        options=answer.texts("options"),
    )


def _demands(answer: Answer) -> Demands:
    return Demands(
        answer.text("identity_level"),
        answer.text("level"),
        answer.boolean("reached"),
        answer.texts("factors"),
    )


def _identity(answer: Answer) -> IdentityStep:
    check = answer.optional_object("check")
    return IdentityStep(
        reached=answer.boolean("reached"),
        level=answer.text("level"),
        agent=answer.boolean("agent"),
        methods=tuple(each.text("method") for each in answer.objects("methods")),
        given=answer.texts("given"),
        check=None if check is None else check.text("id"),
        state=None if check is None else check.text("state"),
        answer=answer.value,
    )


def _document(answer: Answer) -> DocumentToSign:
    slot = answer.optional_object("slot")
    return DocumentToSign(
        document=answer.text("document"),
        sha256=answer.text("sha256"),
        terms=tuple(
            Term(each.text("id"), each.text("kind"), each.integer("page")) for each in answer.objects("terms")
        ),
        sealed=slot is not None and slot.boolean("sealed"),
        fields=tuple(_field(each) for each in answer.objects("fields")),
    )
