"""The end of signers' keys.

    retire    within the transaction that keeps the signature: a one-time key is not given out again
    upkeep    destroys retired and expired keys, and says so in their cases (certificate.destroyed/1)

certificate.destroyed is a custody event, so that it may follow the end of the contract.
"""

from sqlmodel import Session, and_, col, or_, select

from signing.certificates import events
from signing.certificates.keys import CERTIFIED, DESTROYED, REQUESTED, RETIRED, KeyPool
from signing.certificates.tables import KeyRow, KeyUseRow
from signing.context import Context
from signing.custody.service import Custody
from signing.database import read, write
from signing.errors import Refused


class Retiring:
    """Takes keys out of use, and destroys them."""

    def __init__(self, context: Context, custody: Custody, pool: KeyPool) -> None:
        self._context = context
        self._custody = custody
        self._pool = pool

    def retire(self, session: Session, key: str) -> None:
        """Give a one-time key out no more, within the transaction that keeps its signature; ``upkeep`` destroys it.

        A long-term key stays. For a party that will not sign any more: the same.
        """
        use = session.get(KeyUseRow, key)
        row = None if use is None else session.get(KeyRow, use.key)
        if row is not None and row.profile == "one_time" and row.state in (REQUESTED, CERTIFIED):
            self._retire(session, row)

    def forget(self, session: Session, tenant: str, owner: str) -> None:
        """Give an erased account's keys out no more, so that ``upkeep`` destroys them; a ``Hook`` of custody's erasures."""
        held = select(KeyRow).where(
            KeyRow.tenant == tenant,
            KeyRow.holder == owner,
            col(KeyRow.state).in_((REQUESTED, CERTIFIED)),
        )
        for row in session.exec(held).all():
            self._retire(session, row)

    def _retire(self, session: Session, row: KeyRow) -> None:
        row.state = RETIRED
        session.add(row)
        self._custody.abandon(session, row.id)

    def upkeep(self) -> int:
        """Destroy retired keys and those whose certificate ended or was revoked, and tell how many.

        After each signing, and at times.

        The data key goes first: what a case says of the destruction is true when it is said.
        """
        now = self._context.clock()
        with read(self._context.engine) as session:
            useless = or_(col(KeyRow.not_after) < now, col(KeyRow.revoked_at).is_not(None))
            ended = and_(col(KeyRow.state) == CERTIFIED, useless)
            over = session.exec(select(KeyRow.id).where(ended)).all()
            ids = list(session.exec(select(KeyRow.id).where(or_(col(KeyRow.state) == RETIRED, ended))))
        if over:
            with write(self._context.engine) as session:
                for row_id in over:
                    self._retire(session, session.get_one(KeyRow, row_id))
        for row_id in ids:
            self._pool.destroy(row_id)
            with write(self._context.engine) as session:
                self._tell_destroyed(session, row_id)
        return len(ids)

    def _tell_destroyed(self, session: Session, row_id: str) -> None:
        row = session.get(KeyRow, row_id)
        if row is None or row.state == DESTROYED:
            return
        row.state, row.destroyed_at = DESTROYED, self._context.clock()
        row.private = row.subject = row.request = row.certificate = None
        session.add(row)
        for use in session.exec(select(KeyUseRow).where(KeyUseRow.key == row_id)).all():
            try:
                self._context.recorder.record(session, use.dossier, events.destroyed(use, row))
            except Refused as refused:
                if refused.code != "erased":  # a case that was forgotten: nobody is left to be told
                    raise
