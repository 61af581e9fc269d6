"""Who is verified in the step of identity: the party's account, or a contact that is made for it here.

Of an account that the tenant keeps itself only what is lacking can be given here, never changed. What a party said of itself
in this step it may correct, as long as nothing relies on it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from sqlmodel import Session

from signing.assurance import enough
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.service import Contracts
from signing.errors import Refused
from signing.identity.methods import Method
from signing.identity.service import Identities
from signing.people.accounts import Account, NewAccount
from signing.people.agreements import Yes
from signing.people.profile import Profile, SubjectKind
from signing.people.service import People
from signing.people.tables import AccountRow
from signing.principal import Principal

_VALUES = ("id_number", "phone", "uscc", "legal_representative")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a party says to be verified: values of its account (``name``: the acting person's), and what is passed on."""

    id: str
    method: str
    name: str = ""
    id_number: str = ""
    phone: str = ""
    uscc: str = ""
    legal_representative: str = ""
    bank_card: str = ""
    bank_account: str = ""
    eid_token: str = ""
    alipay_code: str = ""
    consents: Sequence[Yes] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is to be verified now; ``account`` None: it is made when the check begins."""

    kind: SubjectKind
    agent: bool
    account: Account | None
    ours: bool


class Subjects:
    """Finds whom a party's step is about, and makes the account where there is none."""

    def __init__(self, contracts: Contracts, people: People, identities: Identities) -> None:
        self._contracts = contracts
        self._people = people
        self._identities = identities

    def of(self, session: Session, party: PartyRow) -> Subject:
        """Say who of a party is verified now: itself, or first the person who acts for it."""
        if party.account is None:
            agent = party.kind == "organization"
            return Subject("person" if agent else cast(SubjectKind, party.kind), agent, None, ours=True)
        account = self._people.accounts.find(session, party.tenant, party.account)
        if account.kind == "person":
            return Subject("person", agent=False, account=account, ours=_ours(session, account, party))
        if account.agent is None:
            return Subject("person", agent=True, account=None, ours=not account.internal)
        acting = self._people.accounts.find(session, party.tenant, account.agent)
        if self._identities.verified(session, party.tenant, acting.id) is None:
            return Subject("person", agent=True, account=acting, ours=_ours(session, acting, party))
        return Subject("organization", agent=False, account=account, ours=_ours(session, account, party))

    def given(
        self, session: Session, contract: ContractRow, party: PartyRow, subject: Subject
    ) -> tuple[str, ...]:
        """Name the values that stand already and cannot be given here."""
        if subject.account is None:
            by_phone = not subject.agent and party.channel == "sms"
            return ("phone",) if by_phone else ()
        if self._open_to_change(session, contract, subject):
            return ("phone",) if not subject.agent and party.channel == "sms" else ()
        return tuple(name for name in _VALUES if getattr(subject.account.profile, name))

    def _open_to_change(self, session: Session, contract: ContractRow, subject: Subject) -> bool:
        """What a party said of itself here it may correct, as long as nothing relies on it."""
        if not subject.ours or subject.account is None:
            return False
        return self._identities.verified(session, contract.tenant, subject.account.id) is None

    def account(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        party: PartyRow,
        shown: Shown,
        method: Method,
    ) -> str:
        """Give the account that is verified now, with what was said of it; it is made where there is none."""
        subject = self.of(session, party)
        if method.kind != subject.kind or not enough(method.level, party.identity_level):
            raise Refused("method-unknown", "This way is not for this party.", "/method")
        if subject.account is None:
            return self._made(session, by, contract, party, shown, subject)
        account, given = subject.account, self.given(session, contract, party, subject)
        said = {name: text for name in _VALUES if (text := getattr(shown, name)) and name not in given}
        if "id_number" in said:
            said["id_type"] = "id_card"
        if subject.agent and shown.name and self._open_to_change(session, contract, subject):
            said["name"] = shown.name
        if said:
            profile = account.profile.changed(**said)
            self._people.accounts.replace_profile(session, party.tenant, account.id, profile)
        return account.id

    def _made(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        party: PartyRow,
        shown: Shown,
        subject: Subject,
    ) -> str:
        """Make a contact of a party that has none, and of the person who acts for a company."""
        if subject.agent and not subject.ours:
            raise Refused(
                "agent-unverified", "Your organisation names who acts for it, and has him verified."
            )
        if subject.agent and not shown.name:
            raise Refused("field-missing", "The person who acts is named.", "/name")
        name = self._contracts.book.opened(session, contract, party.name)
        target = self._contracts.book.opened(session, contract, party.target)
        reached = {"sms": {"phone": target}, "email": {"email": target}}.get(party.channel, {})
        profile = Profile(shown.name if subject.agent else name)
        if shown.id_number:
            profile = replace(profile, id_type="id_card", id_number=shown.id_number)
        profile = replace(profile, phone=shown.phone)
        if not subject.agent:
            profile = replace(profile, **reached)
            return self._own(session, party, self._contact(session, by, party.ref, "person", profile))
        agent = self._contact(session, by, _agent_request(party), "person", profile)
        if party.account is None:
            company = Profile(name, **reached)
            made = self._contact(session, by, party.ref, "organization", company, agent=agent)
            self._own(session, party, made)
        else:
            row = session.get_one(AccountRow, party.account)
            row.agent = agent
            session.add(row)
            session.flush()
        return agent

    def _contact(
        self,
        session: Session,
        by: Principal,
        request: str,
        kind: SubjectKind,
        profile: Profile,
        agent: str | None = None,
    ) -> str:
        new = NewAccount(request, kind, internal=False, profile=profile, agent=agent)
        return self._people.accounts.add(session, by, new)[0].id

    def _own(self, session: Session, party: PartyRow, account: str) -> str:
        """Have an account be the party's, in its sessions too."""
        party.account = account
        session.add(party)
        session.flush()
        self._people.sessions.become(session, party.ref, account)
        return account


def _agent_request(party: PartyRow) -> str:
    return str(uuid.uuid5(uuid.UUID(party.ref), "agent"))


def _ours(session: Session, account: Account, party: PartyRow) -> bool:
    """Tell whether an account was made in this step of this party, by what the party said of itself."""
    return session.get_one(AccountRow, account.id).request in (party.ref, _agent_request(party))
