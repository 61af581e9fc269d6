"""What is forgotten of people beside what their key sealed: the lookups, the ways in, the record of who they were where."""

from sqlmodel import Session, col, delete

from signing.people.sessions import Sessions
from signing.people.tables import AccountRow, CredentialRow, SetupRow


class Forgetting:
    """A hook of erasures: an erased account can be found by no value of its own, and nobody logs in to it."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def __call__(self, session: Session, tenant: str, owner: str) -> None:
        """Forget an account, within the transaction that decides the erasure; other owners are none of ours."""
        row = session.get(AccountRow, owner)
        if row is None or row.tenant != tenant:
            return
        row.phone = row.email = row.login = row.external = None
        row.enabled = False
        session.add(row)
        session.exec(delete(CredentialRow).where(col(CredentialRow.account) == owner))
        session.exec(delete(SetupRow).where(col(SetupRow.account) == owner))
        self._sessions.end_of(session, owner)
        session.flush()
