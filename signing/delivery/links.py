"""One-time links: 256 random bits in a URL's fragment, which no server, proxy or log on the way sees.

Kept is their SHA-256. A link is good for one party of one contract, once, until it expires or a newer one replaces it.
What is wrong with a link that does not work is not told: unknown, used, replaced and expired look alike, so that a
guess learns nothing; who holds the used link of a party may have a fresh one sent to the party's own address.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import timedelta

import segno
from sqlmodel import Session, col, update
from zheng_verifier.encoding import format_base64url

from signing.context import Context
from signing.delivery.tables import LinkRow
from signing.errors import Refused

LIFETIME = timedelta(days=30)
TOKEN_SIZE = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a link is good for; ``notification`` is the message that carried it."""

    tenant: str
    contract: str
    party: str
    notification: str


class Links:
    """Issues and redeems links, within the caller's transaction. ``public_url`` has no final slash."""

    def __init__(self, context: Context, public_url: str, *, lifetime: timedelta = LIFETIME) -> None:
        self._context = context
        self._public_url = public_url
        self._lifetime = lifetime

    def issue(self, session: Session, bound: Bound) -> str:
        """Make a link and give its token; those the party had are replaced."""
        self.end(session, bound.party)
        token = format_base64url(self._context.random(TOKEN_SIZE))
        now = self._context.clock()
        session.add(
            LinkRow(
                token=_digest(token),
                tenant=bound.tenant,
                contract=bound.contract,
                party=bound.party,
                notification=bound.notification,
                created_at=now,
                expires_at=now + self._lifetime,
            )
        )
        session.flush()
        return token

    def end(self, session: Session, party: str) -> None:
        """Make every link of a party useless: its part is over, or a newer link was made."""
        session.exec(
            update(LinkRow)
            .where(col(LinkRow.party) == party, col(LinkRow.ended_at).is_(None))
            .values(ended_at=self._context.clock())
        )

    def redeem(self, session: Session, token: str) -> Bound:
        """Use a link up.

        Raises:
            Refused: link-invalid.

        """
        row = self._row(session, token)
        now = self._context.clock()
        if row is None or row.used_at is not None or row.ended_at is not None or row.expires_at <= now:
            raise Refused("link-invalid", "This link is not good, or not any more.")
        row.used_at = now
        session.add(row)
        session.flush()
        return _bound(row)

    def recall(self, session: Session, token: str) -> Bound | None:
        """Tell what a link was good for, also one that was used, replaced or has expired; None if it never was one."""
        row = self._row(session, token)
        return None if row is None else _bound(row)

    def url(self, token: str) -> str:
        """Write the link of a token."""
        return f"{self._public_url}/s#{token}"

    def desk_url(self, contract: str) -> str:
        """Write the address of a contract at the desk, where members log in."""
        return f"{self._public_url}/desk/contracts/{contract}"

    def _row(self, session: Session, token: str) -> LinkRow | None:
        return session.get(LinkRow, _digest(token)) if _TOKEN.fullmatch(token) else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("ascii")).digest()


def _bound(row: LinkRow) -> Bound:
    return Bound(row.tenant, row.contract, row.party, row.notification)


def qr_svg(url: str) -> bytes:
    """Draw a link as a QR code (ISO/IEC 18004, error correction M): an SVG of modules of one unit, the same each time."""
    drawn = io.BytesIO()
    segno.make_qr(url, error="m").save(drawn, kind="svg", xmldecl=False, svgns=True, border=4, scale=4)
    return drawn.getvalue()
