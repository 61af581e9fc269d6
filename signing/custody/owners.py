"""Owners: whose row it is, and the key that opens what is theirs."""

from sqlmodel import Session

from signing.custody.errors import CustodyDamagedError
from signing.custody.keystore import DataKey, KeyStore
from signing.custody.rows import OwnerRow
from signing.database import hold
from signing.errors import Refused

ERASED = "What was kept here was erased."


def owner_row(session: Session, owner: str, tenant: str | None = None) -> OwnerRow:
    """Give the row of an owner; with ``tenant`` given, only of that tenant's.

    Raises:
        Refused: custody-unknown: there is none, or it is another tenant's.

    """
    row = session.get(OwnerRow, owner)
    if row is None or tenant not in (None, row.tenant):
        raise Refused("custody-unknown", "There is nothing kept under this id.")
    hold(session, row)
    return row


def owner_key(keys: KeyStore, row: OwnerRow) -> DataKey:
    """Give the key of an owner.

    Raises:
        Refused: erased: it was destroyed, or is about to be, whatever an older database says.
        CustodyDamagedError: it is lost, or does not open.

    """
    key = keys.get(row.tenant, row.owner) if row.erased_at is None else None
    if key is None:
        raise Refused("erased", ERASED)
    return key


def tenant_key(keys: KeyStore, tenant: str) -> DataKey:
    """Give the tenant's own key, for lookups and for reasons that outlive what they were about.

    Raises:
        CustodyDamagedError: it was destroyed, which no operation does.

    """
    key = keys.ensure(tenant, f"tenant/{tenant}")
    if key is None:
        raise CustodyDamagedError("KEY_MISSING", "the key of a tenant was destroyed")
    return key
