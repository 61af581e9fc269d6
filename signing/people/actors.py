"""Under which reference somebody stands in a case: random, the same throughout one case, another in each."""

from collections.abc import Callable

from sqlmodel import Session
from zheng_verifier.claim import Actor

from signing.people.tables import ActorRow
from signing.principal import Permission, Principal

_ADMINISTERS = frozenset({Permission.MANAGE_MEMBERS, Permission.REVIEW_IDENTITIES})


def actor_in(session: Session, dossier: str, principal: Principal, uuid: Callable[[], str]) -> Actor:
    """Give whoever acts as the actor of an event of this dossier.

    A party of the contract stands under the reference it has there anyway.
    """
    match principal.kind:
        case "party" if principal.party is not None:
            return Actor("person", principal.party)
        case "api_client":
            return Actor("api_client", reference_in(session, dossier, f"key/{principal.name}", uuid))
        case "system":
            return Actor("system", reference_in(session, dossier, "system", uuid))
        case _:
            kind = "admin" if principal.permissions & _ADMINISTERS else "person"
            return Actor(kind, reference_in(session, dossier, f"account/{principal.account}", uuid))


def reference_in(session: Session, dossier: str, who: str, uuid: Callable[[], str]) -> str:
    """Give the reference of ``who`` (1–80 characters) in a dossier, drawn when first asked for."""
    row = session.get(ActorRow, (dossier, who))
    if row is None:
        row = ActorRow(dossier=dossier, who=who, ref=uuid())
        session.add(row)
        session.flush()
    return row.ref
