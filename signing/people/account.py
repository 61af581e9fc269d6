"""An account as it is created and as it is seen."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from zheng_verifier.canonical import JsonObject, format_json

from signing.errors import Refused
from signing.people.profile import Profile, SubjectKind
from signing.people.roles import INTERNAL, Role


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is created with; ``request`` is the client's id (UUID) of this creation.

    ``agent`` is the account of the person who acts for a company.
    """

    request: str
    kind: SubjectKind
    internal: bool
    profile: Profile
    roles: frozenset[Role] = frozenset()
    agent: str | None = None
    app: str = "default"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its tenant sees it. ``registered``: a password and a second factor are set."""

    id: str
    tenant: str
    app: str
    kind: SubjectKind
    internal: bool
    enabled: bool
    profile: Profile
    roles: frozenset[Role]
    agent: str | None
    dossier: str
    registered: bool
    created_at: datetime
    position: int = field(compare=False)


def roles_of(new: NewAccount) -> frozenset[Role]:
    """Give the roles of a new account: a member's beside those asked for, or the one of its kind of contact.

    Raises:
        Refused: role-unfit.
    """
    if new.internal:
        if new.roles - INTERNAL:
            raise Refused("role-unfit", "An internal account has internal roles.", field="/roles")
        return frozenset() if new.kind == "organization" else new.roles | {Role.MEMBER}
    if new.roles:
        raise Refused("role-unfit", "A contact's role follows from its kind.", field="/roles")
    return frozenset({Role.EXTERNAL_PERSON if new.kind == "person" else Role.EXTERNAL_COMPANY})


def content_of(new: NewAccount) -> str:
    """Write all that a creation asks for, to tell whether another asks for the same."""
    value: JsonObject = {name: text for name, text in asdict(new.profile).items() if text}
    value |= {"kind": new.kind, "internal": new.internal, "agent": new.agent or "", "app": new.app}
    value["roles"] = [role.value for role in sorted(new.roles)]
    return format_json(value).decode()


def plain_phone(phone: str) -> str:
    """Give a number as it is compared: without the code of the country most of them are of."""
    return phone.removeprefix("+86").removeprefix("+")
