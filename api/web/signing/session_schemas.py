"""Shapes of requests and answers about logging in, agreements and consents."""

from typing import Annotated, Literal

from pydantic import Field

from api.web.bodies import Body
from api.web.schemas import Time, Uuid
from signing.people.agreements import Yes

Token = Annotated[str, Field(min_length=8, max_length=128)]
Password = Annotated[str, Field(min_length=1, max_length=256)]
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
Locale = Literal["zh-CN", "en"]
Action = Literal["checkbox", "click", "scroll_and_click", "signature", "voice"]


class LoginRequest(Body):
    """Login name, password, and a code of the app or one of the recovery codes. `cookie`: the token goes into a cookie."""

    organisation: Uuid
    login: Annotated[str, Field(min_length=1, max_length=64)]
    password: Password
    code: Code | None = None
    recovery_code: Annotated[str, Field(min_length=8, max_length=32)] | None = None
    cookie: bool = False


class SessionOpened(Body):
    """A session; `token` is absent where it went into a cookie."""

    session: Uuid
    expires_at: Time
    token: str | None = None
    recovery_codes: list[str] | None = None


class SessionEntry(Body):
    """One session of one's own account."""

    id: Uuid
    terminal: str
    created_at: Time
    seen_at: Time
    expires_at: Time
    current: bool


class SessionList(Body):
    """The sessions of one's own account that go on."""

    data: list[SessionEntry]


class SessionOwner(Body):
    """Who is logged in, and what he may do."""

    organisation: Uuid
    account: Uuid
    session: Uuid
    roles: list[str]
    permissions: list[str]
    agreements_missing: list[str]


class SetupRequest(Body):
    """A one-time link's token."""

    token: Token


class SetupView(Body):
    """The new second factor, shown this once: type `secret`, or make a QR code of `otpauth_uri`."""

    organisation: Uuid
    account: Uuid
    name: str
    login: str | None = None
    secret: str
    otpauth_uri: str
    agreements: list[str]


class Agreed(Body):
    """What somebody agreed to: the version and the digest of the bytes he was shown, and by which act."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    version: Annotated[str, Field(min_length=1, max_length=32)]
    locale: Locale
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    action: Action

    def yes(self) -> Yes:
        """Give it as the pipeline takes it."""
        return Yes(self.name, self.version, self.locale, self.text_sha256, self.action)


class SetupAnswer(Body):
    """A password, a code of the new second factor, and the agreements without which nobody is registered."""

    token: Token
    login: Annotated[str, Field(min_length=3, max_length=64)] | None = None
    password: Password
    code: Code
    agreements: list[Agreed] | None = Field(default=None, max_length=8)
    cookie: bool = False


class AgreementsRequest(Body):
    """Agreements that an account accepts; a person's own if `account` is absent."""

    account: Uuid | None = None
    agreements: list[Agreed] = Field(min_length=1, max_length=8)


class ConsentRequest(Body):
    """A consent to one purpose, asked for by itself; a person's own if `account` is absent."""

    account: Uuid | None = None
    consent: Agreed


class WithdrawalRequest(Body):
    """By which act a consent was taken back."""

    action: Action


class ConsentView(Body):
    """A consent; it holds while `withdrawn_at` is absent."""

    id: Uuid
    purpose: str
    version: str
    locale: str
    text_sha256: str
    given_at: Time
    withdrawn_at: Time | None = None


class ConsentList(Body):
    """All consents of an account, withdrawn ones too."""

    data: list[ConsentView]


class PublishedText(Body):
    """A text as it is now: `kind` agreement or consent; the digest is of the bytes at `url`."""

    name: str
    kind: Literal["agreement", "consent"]
    version: str
    locale: str
    text_sha256: str
    required: bool
    url: str


class PublishedTexts(Body):
    """Every text in its newest version."""

    data: list[PublishedText]


class MissingView(Body):
    """The agreements an account has still to accept."""

    account: Uuid
    missing: list[str]
