"""Contracts among their real neighbours: people, identities, documents, messages."""

from sqlmodel import Session

from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.ports import Known, Notices, Papers
from signing.contracts.service import Contracts
from signing.errors import Refused
from signing.identity.service import Identities
from signing.people.roles import Permission, of_roles
from signing.people.service import People
from signing.principal import Principal


class PeopleDirectory:
    """The accounts and business types of a tenant, as contracts ask for them."""

    def __init__(self, people: People) -> None:
        self._people = people

    def known(self, session: Session, tenant: str, account: str) -> Known:
        """Give what is known of an active account.

        Raises:
            Refused: account-unknown, also where it is disabled.
        """
        found = self._people.accounts.find(session, tenant, account)
        if not found.enabled:
            raise Refused("account-unknown", "There is no such account.")
        profile = found.profile
        return Known(profile.name, found.kind, profile.phone, profile.email, found.internal)

    def admit(self, session: Session, by: Principal, business_type: str) -> None:
        """Let whoever works with a business type pass.

        Raises:
            Refused: business-type-unknown, business-type-disabled, business-type-not-granted.
        """
        self._people.business_types.require(session, by, business_type)

    def identity_level(self, session: Session, tenant: str, business_type: str) -> str:
        """Give the level of identity that a business type demands.

        Raises:
            Refused: business-type-unknown.
        """
        return self._people.business_types.identity_level(session, tenant, business_type)

    def may_approve(self, session: Session, tenant: str, account: str) -> bool:
        """Tell whether an account is an active member who may approve contracts."""
        try:
            found = self._people.accounts.find(session, tenant, account)
        except Refused:
            return False
        return found.internal and found.enabled and Permission.APPROVE_CONTRACTS in of_roles(found.roles)


class VerifiedIdentities:
    """Restates what was verified of parties that have an account; of others nothing was."""

    def __init__(self, context: Context, identities: Identities) -> None:
        self._context = context
        self._identities = identities

    def restate(self, session: Session, contract: ContractRow, party: PartyRow) -> str | None:
        """Record in the contract's dossier what was verified of a party; gives the event's id, None if nothing was.

        Raises:
            Refused: party-renamed: the account was verified under another name than the contract was drafted with.
        """
        if party.account is None:
            return None
        held = self._identities.verified(session, contract.tenant, party.account)
        named = self._context.custody.open(session, contract.id, party.name).decode()
        if held is not None and held.details.name != named:
            raise Refused("party-renamed", "Draft the contract anew, with the party's name as it is now.")
        told = self._identities.restate(
            session, contract.dossier, tenant=contract.tenant, account=party.account, party_ref=party.ref
        )
        return told.event

    def level(self, session: Session, contract: ContractRow, party: PartyRow) -> str:
        """Give the level at which a party is verified now; a verification under another name is not of this party."""
        if party.account is None:
            return "none"
        try:
            held = self._identities.verified(session, contract.tenant, party.account)
        except Refused:
            return "none"  # its account was erased, and with it what was verified
        named = self._context.custody.open(session, contract.id, party.name).decode()
        return "none" if held is None or held.details.name != named else held.level


def contracts_of(
    context: Context, *, papers: Papers, notices: Notices, identities: Identities, people: People
) -> Contracts:
    """Put contracts together with their neighbours."""
    return Contracts(
        context,
        papers=papers,
        notices=notices,
        identities=VerifiedIdentities(context, identities),
        directory=PeopleDirectory(people),
    )
