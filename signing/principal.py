"""Who acts, from where, and what he may do: what every call into the pipeline is made with.

A principal is made at the door (`api/web/signing/callers.py`) and only read inside. Rows of another tenant do not
exist for him; within his tenant the table in `people/roles.py` says what his roles allow.
"""

from dataclasses import dataclass
from typing import Literal

from zheng_verifier.canonical import JsonObject

from signing.errors import Refused
from signing.people.roles import PARTY, Permission, Role, of_roles, of_scopes

__all__ = ["Permission", "Principal", "Role", "Seen", "Terminal", "system"]

Kind = Literal["api_client", "member", "party", "system"]
Terminal = Literal["pc", "h5", "app", "mini_program", "dingtalk", "wecom", "api", "system", "counter"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a client: address, software as it named itself, kind of terminal; empty where not known."""

    ip: str = ""
    user_agent: str = ""
    terminal: Terminal = "system"

    @property
    def private(self) -> JsonObject:
        """The members `ip` and `user_agent` of an event, which are sealed; what is not known is absent."""
        given: JsonObject = {}
        if self.ip:
            given["ip"] = self.ip
        if self.user_agent:
            given["user_agent"] = self.user_agent
        return given


@dataclass(frozen=True, slots=True)
class Principal:
    """One who acts in one tenant.

    ``account`` is the member's or the party's account, if he has one; ``party`` the reference of the contract party
    whose link was opened, and ``contract`` that contract; ``scopes`` those of an API key; ``app`` the application a
    program speaks for; ``session`` the id of the session, so that it can be ended; ``name`` the id of the API key.
    """

    tenant: str
    kind: Kind
    account: str | None = None
    roles: frozenset[Role] = frozenset()
    party: str | None = None
    seen: Seen = Seen()
    scopes: frozenset[str] = frozenset()
    app: str = "default"
    contract: str | None = None
    session: str | None = None
    name: str = ""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What he may do, by roles, scopes, or as the party of one contract."""
        match self.kind:
            case "system":
                return frozenset(Permission)
            case "api_client":
                return of_scopes(self.scopes)
            case "party":
                return PARTY
            case "member":
                return of_roles(self.roles)

    def may(self, permission: Permission) -> bool:
        """Tell whether he may; for what is shown, not for what is done: that asks `require`."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Let him pass if he may.

        Raises:
            Refused: permission-missing.
        """
        if not self.may(permission):
            raise Refused("permission-missing", f"This needs the permission '{permission.value}'.")

    def require_account(self) -> str:
        """Give the account that acts; a program acts for the tenant and has none.

        Raises:
            Refused: account-needed.
        """
        if self.account is None:
            raise Refused("account-needed", "This is done by a person with an account, not by a program.")
        return self.account


def system(tenant: str, seen: Seen = Seen()) -> Principal:  # frozen
    """Give the pipeline itself, acting for a tenant: deadlines, resumed work, deliveries, the operator's commands."""
    return Principal(tenant, "system", seen=seen)
