"""The people of the signing pipeline: the organisation, its members, its contacts, what they agree to, who they are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from zheng_verifier.canonical import JsonObject, JsonValue

from zheng_client.answers import Answer
from zheng_client.http import Http
from zheng_client.parties import given

_V1 = "/v1/signing"


@dataclass(frozen=True, slots=True)
class Account:
    """An account: the organisation's own, a member's, a contact's. ``answer`` holds all that was said of it."""

    id: str
    kind: str
    internal: bool
    name: str
    roles: tuple[str, ...]
    registered: bool
    answer: JsonObject


@dataclass(frozen=True, slots=True)
class PublishedText:
    """A text to agree to, in one language; ``kind`` is agreement or consent, ``sha256`` (hex) of the very bytes."""

    name: str
    kind: str
    version: str
    locale: str
    sha256: str
    required: bool

    def agreed(self, action: str = "checkbox") -> JsonObject:
        """Say that somebody agreed to it by this act."""
        return {
            "name": self.name,
            "version": self.version,
            "locale": self.locale,
            "text_sha256": self.sha256,
            "action": action,
        }


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What whoever opened a set-up link is shown: ``secret`` (base32) goes into his authenticator app (RFC 6238)."""

    token: str
    account: str
    name: str
    login: str | None
    secret: str
    agreements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberSession:
    """A member's session; ``token`` is what a client is made with in place of an API key."""

    id: str
    token: str
    recovery_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """A check of an identity; ``state`` verified, failed, or what it waits for."""

    id: str
    account: str
    method: str
    level: str
    state: str
    simulated: bool
    answer: JsonObject


class People:
    """Who takes part. Values are kept encrypted; what is not given is not known."""

    def __init__(self, http: Http, *, uuid: Callable[[], str]) -> None:
        self._http = http
        self._uuid = uuid

    def describe_organisation(self, *, id: str | None = None, **profile: str) -> Account:  # noqa: A002
        """Set one's own organisation's profile: name, uscc, legal_representative, phone …"""
        body = given(id=id or self._uuid(), **profile)
        return _account(self._http.put(f"{_V1}/organisation", body))

    def name_agent(self, account: str) -> Account:
        """Name the member who acts for the organisation; he is verified before it."""
        return _account(self._http.put(f"{_V1}/organisation/agent", {"account": account}))

    def create_member(
        self,
        *,
        roles: Sequence[str] = ("member",),
        id: str | None = None,  # noqa: A002
        **profile: str,
    ) -> Account:
        """Create a member; ``profile``: name, login, phone, id_type, id_number …"""
        body = given(id=id or self._uuid(), roles=list(roles), **profile)
        return _account(self._http.post(f"{_V1}/members", body))

    def members(self) -> Iterator[Account]:
        """List the organisation's own members."""
        return (_account(each) for each in self._http.pages(f"{_V1}/members"))

    def invite(self, account: str) -> str:
        """Make a member's one-time set-up link; gives its token, shown this once."""
        return self._http.send_empty(f"{_V1}/members/{account}/setup-link").text("token")

    def open_setup(self, token: str) -> Enrolment:
        """Open a set-up link: a second factor is drawn and shown."""
        shown = self._http.post(f"{_V1}/sessions/setup", {"token": token})
        return Enrolment(
            token=token,
            account=shown.text("account"),
            name=shown.text("name"),
            login=shown.optional_text("login"),
            secret=shown.text("secret"),
            agreements=shown.texts("agreements"),
        )

    def set_up(
        self, enrolment: Enrolment, password: str, code: str, agreed: Sequence[PublishedText]
    ) -> MemberSession:
        """Set password and second factor, of which ``code`` is one; accept agreements; gives a first session."""
        accepted: list[JsonValue] = [each.agreed() for each in agreed]
        body = given(token=enrolment.token, password=password, code=code, agreements=accepted)
        return _session(self._http.post(f"{_V1}/sessions/setup/answer", body))

    def log_in(self, organisation: str, login: str, password: str, code: str) -> MemberSession:
        """Open a session with a code of the second factor."""
        body = given(organisation=organisation, login=login, password=password, code=code)
        return _session(self._http.post(f"{_V1}/sessions", body))

    def create_contact(self, kind: str, *, id: str | None = None, **profile: str) -> Account:  # noqa: A002
        """Create an external person or company; ``profile``: external_id, name, phone, email, id_number, agent …"""
        body = given(id=id or self._uuid(), kind=kind, **profile)
        return _account(self._http.post(f"{_V1}/contacts", body))

    def contacts(self) -> Iterator[Account]:
        """List external persons and companies."""
        return (_account(each) for each in self._http.pages(f"{_V1}/contacts"))

    def texts(self, locale: str = "zh-CN") -> tuple[PublishedText, ...]:
        """List agreements and consents in their newest version, in one language."""
        found = self._http.get(f"{_V1}/agreements").objects("data")
        return tuple(_text(each) for each in found if each.text("locale") == locale)

    def consent(self, text: PublishedText, *, account: str | None = None) -> None:
        """Tell of a person's consent to one purpose: one's own, or, as a program that asked him, ``account``'s."""
        self._http.post(f"{_V1}/consents", given(account=account, consent=text.agreed()))

    def verify(
        self,
        account: str,
        method: str,
        *,
        details: JsonObject | None = None,
        id: str | None = None,  # noqa: A002
    ) -> IdentityCheck:
        """Have an identity checked; ``details`` is what the method needs and nobody keeps."""
        body: JsonObject = {"id": id or self._uuid(), "account": account, "method": method}
        return _check(self._http.post(f"{_V1}/identities", body | (details or {})))

    def identity(self, check: str) -> IdentityCheck:
        """Look how far a check is."""
        return _check(self._http.get(f"{_V1}/identities/{check}"))


def _account(answer: Answer) -> Account:
    return Account(
        id=answer.text("id"),
        kind=answer.text("kind"),
        internal=answer.boolean("internal"),
        name=answer.text("name"),
        roles=answer.texts("roles"),
        registered=answer.boolean("registered"),
        answer=answer.value,
    )


def _text(answer: Answer) -> PublishedText:
    return PublishedText(
        name=answer.text("name"),
        kind=answer.text("kind"),
        version=answer.text("version"),
        locale=answer.text("locale"),
        sha256=answer.text("text_sha256"),
        required=answer.boolean("required"),
    )


def _session(answer: Answer) -> MemberSession:
    return MemberSession(answer.text("session"), answer.text("token"), answer.texts("recovery_codes"))


def _check(answer: Answer) -> IdentityCheck:
    return IdentityCheck(
        id=answer.text("id"),
        account=answer.text("account"),
        method=answer.text("method"),
        level=answer.text("level"),
        state=answer.text("state"),
        simulated=answer.boolean("simulated"),
        answer=answer.value,
    )
