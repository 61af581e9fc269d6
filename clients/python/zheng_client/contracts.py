"""Contracts and their documents, as a program has them signed (`/v1/signing`)."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from zheng_client.answers import Answer
from zheng_client.http import Http
from zheng_client.parties import (
    Contract,
    Control,
    Document,
    Party,
    demands,
    given,
    read_contract,
    read_document,
)

_CONTRACTS = "/v1/signing/contracts"
_DOCUMENTS = "/v1/signing/documents"
_ANY = "*/*"
_PDF = "application/pdf"


class Contracts:
    """Drafts, sends, follows and ends contracts. The same business number with the same content is the same contract."""

    def __init__(self, http: Http, *, uuid: Callable[[], str]) -> None:
        self._http = http
        self._uuid = uuid

    def create(
        self,
        title: str,
        parties: Sequence[Party],
        *,
        template: str | None = None,
        values: Mapping[str, str] | None = None,
        business_number: str | None = None,
        app: str | None = None,
        scene: str | None = None,
        deadline: datetime | None = None,
        replaces: str | None = None,
        options: JsonObject | None = None,
        id: str | None = None,  # noqa: A002  # the API's own word
    ) -> Contract:
        """Draft a contract from a template, or to be given documents; ``options``: further members of the API.

        ``replaces`` names a contract that ended without being signed, and that this one takes the place of.
        """
        body = given(
            id=id or self._uuid(),
            title=title,
            parties=[each.write() for each in parties],
            template=template,
            values=None if values is None else dict(values),
            business_number=business_number,
            app=app,
            scene=scene,
            deadline=None if deadline is None else format_time(deadline),
            replaces=replaces,
        )
        return read_contract(self._http.post(_CONTRACTS, body | (options or {})))

    def get(self, contract: str) -> Contract:
        """Look at a contract with its parties and its history."""
        return read_contract(self._http.get(f"{_CONTRACTS}/{contract}"))

    def by_business_number(self, number: str, *, app: str | None = None) -> Contract:
        """Find the contract of a business number.

        Raises:
            ProblemError: there is none.

        """
        params: dict[str, str | int] = {"business_number": number}
        if app is not None:
            params["app"] = app
        return read_contract(self._http.get(_CONTRACTS, params=params).objects("data")[0])

    def all(self, *, standing: str | None = None) -> Iterator[Contract]:
        """List contracts, newest first; ``standing`` as they stand for whoever asks."""
        params = {} if standing is None else {"standing": standing}
        return (read_contract(each) for each in self._http.pages(_CONTRACTS, params=params, cursor="cursor"))

    def demand(
        self, contract: str, party: str, *, identity_level: str | None = None, factors: Sequence[str] = ()
    ) -> Contract:
        """Set what a draft demands of a party, in place of what it did; a business type's level stays the least."""
        demand: JsonObject = {"party": party, **demands(identity_level, factors)}
        changed = self._http.send_json("PATCH", f"{_CONTRACTS}/{contract}", {"demands": [demand]})
        return read_contract(Answer(changed.json()))

    def submit(self, contract: str) -> Contract:
        """Ask the approvers inside the organisation."""
        return self._step(contract, "submit")

    def send(self, contract: str) -> Contract:
        """Fix the documents and tell those whose turn it is."""
        return self._step(contract, "send")

    def withdraw(self, contract: str, *, reason: str | None = None) -> Contract:
        """Take a contract back before everybody has signed."""
        return self._step(contract, "withdraw", given(reason=reason))

    def void(self, contract: str, basis: str, *, reason: str | None = None) -> Contract:
        """Declare a contract void; ``basis`` is sender, court_order or error."""
        return self._step(contract, "void", given(basis=basis, reason=reason))

    def ask_void(self, contract: str, *, reason: str | None = None) -> Contract:
        """Ask the parties to agree that a contract is void; they are told the reason, and the last to agree makes it so."""
        return self._step(contract, "void-request", given(reason=reason))

    def reject(self, contract: str, party: str, code: str, *, reason: str | None = None) -> Contract:
        """Report that a party refuses; the evidence says that a program did."""
        return self._step(contract, "reject", given(party=party, code=code, reason=reason))

    def extend(self, contract: str, deadline: datetime, *, reason: str | None = None) -> Contract:
        """Move the deadline to a later time."""
        return self._step(contract, "extend", given(deadline=format_time(deadline), reason=reason))

    def delegate(self, contract: str, party: str, to: Party, *, reason: str | None = None) -> Contract:
        """Hand a party's turn on to somebody else."""
        body = given(party=party, to=to.person(), kind=to.kind, reason=reason)
        return self._step(contract, "delegate", body)

    def remind(self, contract: str) -> None:
        """Send those whose turn it is a message with a fresh link."""
        self._http.send("POST", f"{_CONTRACTS}/{contract}/remind")

    def link(self, contract: str, party: str) -> str:
        """Make a one-time link for a party, for the sender to hand over; it replaces those made before."""
        return self._http.send_empty(f"{_CONTRACTS}/{contract}/parties/{party}/links").text("url")

    def file(self, contract: str, *, document: str | None = None) -> bytes:
        """Fetch the signed PDF (name the ``document`` if there are more); that a copy was taken is recorded."""
        params = {} if document is None else {"document": document}
        return self._http.fetch(f"{_CONTRACTS}/{contract}/file", _PDF, params=params)

    def _step(self, contract: str, step: str, body: JsonObject | None = None) -> Contract:
        path = f"{_CONTRACTS}/{contract}/{step}"
        if body is None:
            return read_contract(self._http.send_empty(path))
        return read_contract(self._http.post(path, body))


class Documents:
    """Documents of drafts: uploaded, controls placed, filled in, marked."""

    def __init__(self, http: Http, *, uuid: Callable[[], str]) -> None:
        self._http = http
        self._uuid = uuid

    def upload(
        self,
        contract: str,
        name: str,
        content: bytes,
        *,
        media_type: str = "",
        attachment: bool = False,
        id: str | None = None,  # noqa: A002
    ) -> Document:
        """Give a draft a document: PDF, DOCX or DOC."""
        body: JsonObject = {
            "id": id or self._uuid(),
            "contract": contract,
            "name": name,
            "media_type": media_type,
            "content": base64.b64encode(content).decode(),
            "attachment": attachment,
        }
        return read_document(self._http.post(_DOCUMENTS, body))

    def get(self, document: str) -> Document:
        """Look at a document."""
        return read_document(self._http.get(f"{_DOCUMENTS}/{document}"))

    def of(self, contract: str) -> Sequence[Document]:
        """List a contract's documents."""
        found = self._http.get(_DOCUMENTS, params={"contract": contract})
        return [read_document(each) for each in found.objects("data")]

    def content(self, document: str, version: str = "current") -> bytes:
        """Fetch a version byte for byte: original, current, shown, finalized, newest."""
        return self._http.fetch(f"{_DOCUMENTS}/{document}/content", _ANY, params={"version": version})

    def place(self, document: str, controls: Sequence[Control]) -> Document:
        """Put these controls in place of all it had."""
        return self._put(document, "controls", {"controls": [each.write() for each in controls]})

    def fill(self, document: str, values: Mapping[str, str]) -> Document:
        """Set these values, by the names of controls, in place of all it had."""
        return self._put(document, "values", {"values": dict(values)})

    def watermark(self, document: str, text: str, *, options: JsonObject | None = None) -> Document:
        """Lay words over all pages."""
        return self._put(document, "watermark", given(text=text) | (options or {}))

    def _put(self, document: str, what: str, body: JsonObject) -> Document:
        return read_document(self._http.put(f"{_DOCUMENTS}/{document}/{what}", body))
