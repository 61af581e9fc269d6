"""Shapes of requests and answers about people: organisations, members, contacts, sessions, agreements."""

from typing import Annotated, Literal

from pydantic import Field
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.web.bodies import Body
from api.web.schemas import Time, Uuid
from signing.people.accounts import Account
from signing.people.profile import Profile

Text = Annotated[str, Field(min_length=1, max_length=200)]
Long = Annotated[str, Field(min_length=1, max_length=500)]
IdType = Literal[
    "id_card", "passport", "hk_macao_permit", "taiwan_permit", "foreign_residence_permit", "other"
]
_PROFILE = (
    "name",
    "phone",
    "email",
    "id_type",
    "id_number",
    "uscc",
    "legal_representative",
    "address",
    "department",
)


RoleName = Literal["super_admin", "member", "seal_admin", "system_admin", "template_admin", "reviewer"]


class ProfileValues(Body):
    """Values of a person or a company; all are kept encrypted. Names stand as on the identity document."""

    name: Text
    phone: Text | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    id_type: IdType | None = None
    id_number: Text | None = None
    uscc: Text | None = None
    legal_representative: Text | None = None
    address: Long | None = None
    department: Text | None = None

    def profile(self, *, login: str = "", external_id: str = "") -> Profile:
        """Give the profile."""
        return Profile(login=login, external_id=external_id, **self.values())

    def values(self) -> dict[str, str]:
        """Give every value of the profile; what is absent is empty."""
        return {name: getattr(self, name) or "" for name in _PROFILE}


class OrganisationRequest(ProfileValues):
    """The tenant's own profile; ``id`` is the client's, of the first creation."""

    id: Uuid


class MemberRequest(ProfileValues):
    """An internal member (S4-39, S4-44). The same id, or the same external id of one application, is the same member."""

    id: Uuid
    login: Text | None = None
    external_id: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    roles: list[RoleName] | None = Field(default=None, max_length=8)


class ContactRequest(ProfileValues):
    """An external person or company (S4-38, S4-41, S4-44); ``agent`` is the contact who acts for a company."""

    id: Uuid
    kind: Literal["person", "organization"]
    external_id: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    agent: Uuid | None = None


class RolesRequest(Body):
    """The roles an account has from now on."""

    roles: list[RoleName] = Field(min_length=1, max_length=8)


class StateRequest(Body):
    """Whether something is in use."""

    enabled: bool


class AgentRequest(Body):
    """The account of the person who acts for a company."""

    account: Uuid


class AccountView(Body):
    """An account of the tenant. `registered`: it has a password and a second factor."""

    id: Uuid
    kind: Literal["person", "organization"]
    internal: bool
    enabled: bool
    registered: bool
    app: str
    name: str
    phone: str | None = None
    email: str | None = None
    id_type: str | None = None
    id_number: str | None = None
    uscc: str | None = None
    legal_representative: str | None = None
    address: str | None = None
    department: str | None = None
    login: str | None = None
    external_id: str | None = None
    agent: Uuid | None = None
    roles: list[str]
    created_at: Time


class AccountPage(Body):
    """A page of accounts, oldest first."""

    data: list[AccountView]
    has_more: bool
    next_cursor: str | None = None


class SetupLink(Body):
    """A one-time link, shown this once: it is `<public url>/setup#<token>`. It sets a password and a second factor."""

    account: Uuid
    token: str
    url: str
    expires_at: Time


class BusinessTypeRequest(Body):
    """A kind of business that contracts and templates belong to (S4-34, S4-52).

    ``identity_level``: whoever signs its contracts is verified at least so.
    """

    id: Uuid
    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")
    name: Annotated[str, Field(min_length=1, max_length=100)]
    scene: str
    identity_level: Literal["none", "low", "substantial", "high"] = "none"


class BusinessTypeDemand(Body):
    """The level of identity that a business type demands from now on; contracts that were sent keep theirs."""

    identity_level: Literal["none", "low", "substantial", "high"]


class BusinessTypeView(Body):
    """A business type and the members it is granted to."""

    id: Uuid
    code: str
    name: str
    scene: str
    identity_level: Literal["none", "low", "substantial", "high"]
    enabled: bool
    members: list[Uuid]


class BusinessTypes(Body):
    """All business types of the tenant, by code."""

    data: list[BusinessTypeView]


def write_account(account: Account) -> JsonObject:
    """Write an account as answers have it; values not given are absent."""
    profile = account.profile
    value: JsonObject = {
        "id": account.id,
        "kind": account.kind,
        "internal": account.internal,
        "enabled": account.enabled,
        "registered": account.registered,
        "app": account.app,
        "roles": [role.value for role in sorted(account.roles)],
        "created_at": format_time(account.created_at),
    }
    value |= {name: text for name in (*_PROFILE, "login", "external_id") if (text := getattr(profile, name))}
    return value | ({"agent": account.agent} if account.agent else {})
