"""Shapes of requests and answers about identity checks and reviews."""

from typing import Annotated, Literal

from pydantic import Field

from api.web.bodies import Body
from api.web.schemas import Time, Uuid

Digits = Annotated[str, Field(pattern=r"^[0-9]{4,32}$")]


class IdentityRequest(Body):
    """Begin a check of an account. What is compared is the account's own; only what is never kept is sent here."""

    id: Uuid
    account: Uuid
    method: Annotated[str, Field(pattern=r"^[a-z0-9_]{2,32}$")]
    bank_card: Digits | None = None
    bank_account: Digits | None = None
    eid_token: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    alipay_code: Annotated[str, Field(min_length=1, max_length=128)] | None = Field(
        default=None, description="by which the holder lets Alipay tell the provider as whom it verified him"
    )


class AmountRequest(Body):
    """The amount that came to the company's account, in yuan: `"0.37"`."""

    amount: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,5})\.[0-9]{2}$")]


class IdentityView(Body):
    """A check of an identity.

    States: collecting (material is waited for), started, pending (the provider answers later), confirming (an amount is
    waited for), in_review, verified, failed (it does not match), unavailable (nobody could say).
    """

    id: Uuid
    account: Uuid
    kind: Literal["person", "organization"]
    method: str
    level: Literal["low", "substantial", "high"]
    state: str
    provider: str
    simulated: bool
    attempts_left: int
    started_at: Time
    ended_at: Time | None = None
    expires_at: Time | None = None
    reason_code: str | None = None
    result: str | None = None
    files: list[str] | None = None


class IdentityPage(Body):
    """A page of checks of an account, oldest first."""

    data: list[IdentityView]
    has_more: bool
    next_cursor: str | None = None


class StandingView(Body):
    """What is verified of an account now; level `none` says plainly that nothing is."""

    account: Uuid
    level: Literal["none", "low", "substantial", "high"]
    method: str | None = None
    provider: str | None = None
    simulated: bool | None = None
    verified_at: Time | None = None
    expires_at: Time | None = None


class MethodView(Body):
    """A way of checking: for whom, how much it assures, what it compares and needs."""

    method: str
    kind: Literal["person", "organization"]
    level: Literal["low", "substantial", "high"]
    compares: list[str]
    needs: list[str]
    consents: list[str]
    title_zh: str
    title_en: str


class Methods(Body):
    """All ways of checking, and who compares."""

    provider: str
    simulated: bool
    data: list[MethodView]


class ReviewView(Body):
    """What waits for an examiner."""

    id: Uuid
    account: Uuid
    kind: Literal["person", "organization"]
    method: str
    name: str
    number: str
    legal_representative: str | None = None
    simulated: bool
    started_at: Time
    files: list["ReviewFile"]


class ReviewFile(Body):
    """A file to be looked at."""

    sha256: str
    media_type: str
    size: int


class ReviewPage(Body):
    """A page of what waits, oldest first."""

    data: list[ReviewView]
    has_more: bool
    next_cursor: str | None = None


class ReviewRequest(Body):
    """What the examiner decides; a refusal has a reason code."""

    approved: bool
    reason_code: (
        Literal[
            "unclear_material",
            "mismatch",
            "document_expired",
            "suspected_forgery",
            "not_authorised",
            "other",
        ]
        | None
    ) = None
    reason: Annotated[str, Field(max_length=2000)] | None = None


class TransferView(Body):
    """An amount that the simulated bank shows on a company's account, in yuan."""

    identity: Uuid
    account_last4: str
    amount: str


class Transfers(Body):
    """What the simulated bank transferred for checks of this tenant."""

    simulated: bool
    data: list[TransferView]
