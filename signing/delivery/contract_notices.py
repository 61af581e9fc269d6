"""Messages about contracts: what `signing.contracts` asks for by party and purpose."""

from collections.abc import Callable

from sqlmodel import Session

from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.delivery.composing import PURPOSES, Purpose
from signing.delivery.notifications import Notice, Notifications
from signing.people.sessions import Sessions


class ContractNotices:
    """The `Notices` of contracts. ``organisation`` gives the name under which a tenant writes."""

    def __init__(
        self,
        context: Context,
        notifications: Notifications,
        sessions: Sessions,
        organisation: Callable[[Session, str], str],
    ) -> None:
        self._context = context
        self._notifications = notifications
        self._sessions = sessions
        self._organisation = organisation

    def notify(self, session: Session, contract: ContractRow, party: PartyRow, purpose: str) -> None:
        """Have a party told; what it was told before and was not sent yet is kept back.

        Raises:
            Refused: erased.

        """
        self._notifications.cancel(session, party.ref)
        self._notifications.notify(session, self.notice(session, contract, party, purpose_named(purpose)))

    def part(self, session: Session, party: PartyRow) -> None:
        """End a party's links, sessions and messages on their way."""
        self._notifications.part(session, party.ref)
        self._sessions.end_of_party(session, party.ref)

    def notice(
        self,
        session: Session,
        contract: ContractRow,
        party: PartyRow,
        purpose: Purpose,
        *,
        channel: str | None = None,
    ) -> Notice:
        """Write a message to a party about a contract; ``channel`` None: by the party's own.

        Raises:
            Refused: erased.

        """

        def opened(sealed: bytes) -> str:
            return self._context.custody.open(session, contract.id, sealed).decode()

        return Notice(
            tenant=contract.tenant,
            contract=contract.id,
            dossier=contract.dossier,
            party=party.ref,
            channel=channel or party.channel,
            target=opened(party.target),
            purpose=purpose,
            name=opened(party.name),
            title=opened(contract.title),
            sender=self._organisation(session, contract.tenant),
            deadline=contract.deadline,
        )


def purpose_named(name: str) -> Purpose:
    """Give the purpose of this name.

    Raises:
        ValueError: there is none: a caller's mistake.

    """
    for purpose in PURPOSES:
        if purpose == name:
            return purpose
    raise ValueError(f"no purpose of a message: {name}")
