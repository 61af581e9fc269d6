"""The log of accesses: who was given which file, when and for what. Rows are added; the database refuses all else.

Who it was stays readable after an erasure (a kind and an id); network address and client software are sealed under
the owner's key and go with it.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from signing.custody import sealing
from signing.custody.keystore import DataKey
from signing.custody.rows import AccessRow, FileRow
from signing.ports import Random
from signing.principal import Principal, Seen

# Purposes the pipeline uses: view, download, sign, convert, deposit, export, search, review, deliver, upkeep.
_PURPOSE = re.compile(r"[a-z][a-z_]{0,31}", re.ASCII)
_PLACE = "custody/client"


@dataclass(frozen=True, slots=True)
class Access:
    """One reading; ``sha256`` (hex), ``ip`` and ``user_agent`` are None where they went with an erasure."""

    number: int
    owner: str
    who_kind: str
    who: str
    terminal: str
    purpose: str
    at: datetime
    blob: str
    sha256: str | None
    ip: str | None
    user_agent: str | None


def who_is(by: Principal | None) -> tuple[str, str]:
    """Name a caller by kind and id: account, party, API key, or the pipeline itself."""
    if by is None:
        return "system", ""
    return by.kind, by.account or by.party or by.name


def log(
    session: Session,
    file: FileRow,
    tenant: str,
    key: DataKey,
    by: Principal | None,
    purpose: str,
    *,
    at: datetime,
    random: Random,
) -> None:
    """Add a row to the log, in the transaction that reads.

    Raises:
        ValueError: the purpose is no word of 1-32 letters and underscores: a caller's mistake.

    """
    if not _PURPOSE.fullmatch(purpose):
        raise ValueError(f"no purpose of access: {purpose}")
    seen = by.seen if by is not None else Seen()
    kind, who = who_is(by)
    client = json.dumps([seen.ip, seen.user_agent]).encode()
    session.add(
        AccessRow(
            tenant=tenant,
            owner=file.owner,
            blob=file.blob,
            who_kind=kind,
            who=who,
            terminal=seen.terminal,
            client=sealing.encrypt(key, sealing.value_bound(key, _PLACE), client, random),
            purpose=purpose,
            at=at,
        )
    )
    session.flush()


def rows_of(
    session: Session, tenant: str, owner: str | None, *, after: int, limit: int
) -> Sequence[AccessRow]:
    """List rows of a tenant, of one owner if given, with a number above ``after``, oldest first."""
    query = select(AccessRow).where(AccessRow.tenant == tenant, col(AccessRow.number) > after)
    if owner is not None:
        query = query.where(AccessRow.owner == owner)
    return session.exec(query.order_by(col(AccessRow.number)).limit(limit)).all()


def opened(row: AccessRow, key: DataKey | None, sha256: str | None) -> Access:
    """Give a row as it is shown; without a key, what was sealed is gone.

    Raises:
        CustodyDamagedError: VALUE_DAMAGED.

    """
    ip = user_agent = None
    if key is not None:
        bound = sealing.value_bound(key, _PLACE)
        plain = sealing.decrypt(key, bound, row.client, code="VALUE_DAMAGED", what="an access")
        ip, user_agent = (text or None for text in json.loads(plain))
    return Access(
        row.number or 0,
        row.owner,
        row.who_kind,
        row.who,
        row.terminal,
        row.purpose,
        row.at,
        row.blob,
        sha256,
        ip,
        user_agent,
    )
