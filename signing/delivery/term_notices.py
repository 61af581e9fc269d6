"""Messages that a contract's term ends soon (S3-16), to members of the sending side.

They are the organisation's own affair: no event of the contract's case tells of them. They lead to the desk, where whoever
opens them logs in; nothing stands in them that messages to parties do not hold.
"""

from collections.abc import Callable, Sequence

from sqlmodel import Session, col, select

from signing.context import Context
from signing.contracts.models import ContractRow
from signing.delivery.notifications import Notice, Notifications
from signing.errors import Refused
from signing.management.models import ReminderRow, ShelfRow
from signing.people.account import Account
from signing.people.accounts import Accounts
from signing.people.roles import TABLE, Permission
from signing.people.tables import AccountRow, RoleRow

_KEEPERS = tuple(
    role.value
    for role, allowed in TABLE.items()
    if {Permission.VIEW_ALL_CONTRACTS, Permission.MANAGE_ARCHIVE} <= allowed
)
MOST = 20
"""So many members are told at most."""


class TermMessages:
    """The `TermNotices` of management. ``organisation`` gives the name under which a tenant writes."""

    def __init__(
        self,
        context: Context,
        notifications: Notifications,
        accounts: Accounts,
        organisation: Callable[[Session, str], str],
    ) -> None:
        self._context = context
        self._notifications = notifications
        self._accounts = accounts
        self._organisation = organisation

    def ending(
        self,
        session: Session,
        contract: ContractRow,
        shelf: ShelfRow,
        reminder: ReminderRow,  # noqa: ARG002  # the port's: what a member is told does not depend on it
    ) -> None:
        """Put a message to each member who is to be told into the outbox, within the caller's transaction."""
        try:
            title = self._context.custody.open(session, contract.id, contract.title).decode()
        except Refused:
            return  # erased: there is nothing left to be reminded of
        for member in self._told(session, contract):
            notice = Notice(
                tenant=contract.tenant,
                contract=contract.id,
                dossier=contract.dossier,
                party="",
                account=member.id,
                channel="email" if member.profile.email else "sms",
                target=member.profile.email or member.profile.phone,
                purpose="term_ending",
                name=member.profile.name,
                title=title,
                sender=self._organisation(session, contract.tenant),
                day=shelf.ends_on,
            )
            self._notifications.notify(session, notice)

    def _told(self, session: Session, contract: ContractRow) -> list[Account]:
        """Give who sent the contract; where that was a program, or he cannot be reached, who keeps all contracts."""
        sender = session.get(AccountRow, contract.creator)
        reached = [] if sender is None else self._reachable(session, contract.tenant, [sender])
        if reached:
            return reached
        keepers = session.exec(
            select(AccountRow)
            .join(RoleRow, col(RoleRow.account) == col(AccountRow.id))
            .where(AccountRow.tenant == contract.tenant, col(RoleRow.role).in_(_KEEPERS))
            .order_by(col(AccountRow.position))
            .distinct()
            .limit(MOST)
        ).all()
        return self._reachable(session, contract.tenant, keepers)

    def _reachable(self, session: Session, tenant: str, rows: Sequence[AccountRow]) -> list[Account]:
        """Keep those who still belong to the organisation and left an address."""
        found = [
            self._accounts.load(session, row)
            for row in rows
            if row.tenant == tenant and row.internal and row.enabled
        ]
        return [each for each in found if each.profile.email or each.profile.phone]
