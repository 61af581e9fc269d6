"""The step in which a party shows who it is, where the sender demands that before it signs.

An account is what is verified. A party that was named by hand gets a contact of the tenant here, under the name that the
contract has and with what it says of itself; a company gets one for the person who acts for it besides, who is verified
first (S1-23). Of an account that the tenant keeps itself only what is lacking can be given here, never changed: nobody
becomes another by a link.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from sqlmodel import Session, col, select

from signing.assurance import NOTHING, enough
from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.service import Contracts
from signing.database import read, write
from signing.errors import Refused
from signing.identity.checks import Check, NewCheck
from signing.identity.methods import METHODS, Method
from signing.identity.service import Identities
from signing.identity.tables import CheckRow
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
class IdentityStep:
    """How far a party is: ``demanded`` and ``held`` are levels; ``agent``: the person who acts for it is verified now.

    ``named``: whose name is known; ``given`` names values that cannot be given here any more; ``methods`` reach the level.
    """

    demanded: str
    held: str
    kind: SubjectKind
    agent: bool
    named: str
    given: tuple[str, ...]
    methods: tuple[Method, ...]
    provider: str
    simulated: bool
    check: Check | None

    @property
    def reached(self) -> bool:
        """Tell whether the party may go on."""
        return enough(self.held, self.demanded)


@dataclass(frozen=True, slots=True)
class _Subject:
    """Who is to be verified now; ``account`` None: it is made when the check begins."""

    kind: SubjectKind
    agent: bool
    account: Account | None
    ours: bool


class Identifying:
    """Leads a party through its verification; the checks themselves are `Checks`."""

    def __init__(
        self, context: Context, contracts: Contracts, people: People, identities: Identities
    ) -> None:
        self._context = context
        self._contracts = contracts
        self._people = people
        self._identities = identities

    def step(self, by: Principal, contract: str) -> IdentityStep:
        """Say what is demanded of a party, what is verified of it, and how it can be.

        Raises:
            Refused: contract-unknown, erased.
        """
        with read(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            return self._step(session, by, row, party)

    def begin(self, by: Principal, contract: str, shown: Shown) -> IdentityStep:
        """Begin a check of a party, or of the person who acts for it; again under the same id is the same check.

        Raises:
            Refused: contract-state; identity-state: nothing more is demanded; field-missing, field-value,
                agreement-changed, and what `Checks.start` refuses.
        """
        method = METHODS.get(shown.method)
        if method is None:
            raise Refused("method-unknown", field="/method", expected="one of " + ", ".join(METHODS))
        account, person = "", ""
        with write(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            if session.get(CheckRow, shown.id) is None:
                self._require_asked(session, row, party)
                account = self._account(session, by, row, party, shown, method)
                person = self._people.accounts.find(session, by.tenant, account).agent or account
        if account:
            for yes in shown.consents:
                self._people.agreements.consent(replace(by, account=person), person, yes)
            new = NewCheck(
                shown.id,
                account,
                shown.method,
                shown.bank_card,
                shown.bank_account,
                shown.eid_token,
                shown.alipay_code,
            )
            self._identities.checks.start(replace(by, account=account), new)
        return self._tell(by, contract)

    def material(
        self, by: Principal, contract: str, check: str, content: bytes, media_type: str
    ) -> IdentityStep:
        """Pass on an image of a face, or a file for the examiner.

        Raises:
            Refused: identity-unknown, and what `Checks.add_material` refuses.
        """
        self._identities.checks.add_material(self._acting(by, contract, check), check, content, media_type)
        return self._tell(by, contract)

    def amount(self, by: Principal, contract: str, check: str, fen: int) -> IdentityStep:
        """Take the amount (in fen) that came to a company's account.

        Raises:
            Refused: identity-unknown, and what `Checks.confirm_amount` refuses.
        """
        self._identities.checks.confirm_amount(self._acting(by, contract, check), check, fen)
        return self._tell(by, contract)

    def _require_asked(self, session: Session, contract: ContractRow, party: PartyRow) -> None:
        if contract.state != "signing" or party.notified_at is None or party.state == "delegated":
            raise Refused("contract-state", "Nothing is signed by this party now.", expected="signing")
        if enough(self._contracts.demanding.level(session, contract, party), party.identity_level):
            raise Refused("identity-state", "Nothing more is demanded of this party's identity.")

    def _tell(self, by: Principal, contract: str) -> IdentityStep:
        """Tell the contract's case what is verified by now, and say how far the party is."""
        with write(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            step = self._step(session, by, row, party)
            if step.reached and row.state == "signing":
                self._contracts.demanding.require(session, row, party)
            return step

    def _step(self, session: Session, by: Principal, contract: ContractRow, party: PartyRow) -> IdentityStep:
        subject, provider = self._subject(session, party), self._identities.provider
        methods = [
            each
            for each in METHODS.values()
            if each.kind == subject.kind and enough(each.level, party.identity_level)
        ]
        named = "" if subject.agent else self._contracts.book.opened(session, contract, party.name)
        if subject.agent and subject.account is not None:
            named = subject.account.profile.name
        return IdentityStep(
            demanded=party.identity_level,
            held=self._contracts.demanding.level(session, contract, party),
            kind=subject.kind,
            agent=subject.agent,
            named=named,
            given=self._given(session, contract, party, subject),
            methods=tuple(methods) if party.identity_level != NOTHING else (),
            provider=provider.name,
            simulated=provider.simulated,
            check=self._newest(session, by, subject),
        )

    def _subject(self, session: Session, party: PartyRow) -> _Subject:
        if party.account is None:
            agent = party.kind == "organization"
            return _Subject("person" if agent else cast(SubjectKind, party.kind), agent, None, ours=True)
        account = self._people.accounts.find(session, party.tenant, party.account)
        if account.kind == "person":
            return _Subject("person", agent=False, account=account, ours=_ours(session, account, party))
        if account.agent is None:
            return _Subject("person", agent=True, account=None, ours=not account.internal)
        acting = self._people.accounts.find(session, party.tenant, account.agent)
        if self._identities.verified(session, party.tenant, acting.id) is None:
            return _Subject("person", agent=True, account=acting, ours=_ours(session, acting, party))
        return _Subject("organization", agent=False, account=account, ours=_ours(session, account, party))

    def _given(
        self, session: Session, contract: ContractRow, party: PartyRow, subject: _Subject
    ) -> tuple[str, ...]:
        if subject.account is None:
            by_phone = not subject.agent and party.channel == "sms"
            return ("phone",) if by_phone else ()
        if self._open_to_change(session, contract, subject):
            return ("phone",) if not subject.agent and party.channel == "sms" else ()
        return tuple(name for name in _VALUES if getattr(subject.account.profile, name))

    def _open_to_change(self, session: Session, contract: ContractRow, subject: _Subject) -> bool:
        """What a party said of itself here it may correct, as long as nothing relies on it."""
        if not subject.ours or subject.account is None:
            return False
        return self._identities.verified(session, contract.tenant, subject.account.id) is None

    def _newest(self, session: Session, by: Principal, subject: _Subject) -> Check | None:
        if subject.account is None:
            return None
        query = select(CheckRow.id).where(CheckRow.account == subject.account.id)
        newest = session.exec(query.order_by(col(CheckRow.position).desc())).first()
        if newest is None:
            return None
        return self._identities.checks.get(replace(by, account=subject.account.id), newest)

    def _acting(self, by: Principal, contract: str, check: str) -> Principal:
        """Give the caller as the account whose check this is: the party's own, or that of who acts for it."""
        with read(self._context.engine) as session:
            _, party = self._contracts.turns.open_for(session, by, contract)
            row, account = session.get(CheckRow, check), self._subject(session, party).account
            if row is None or account is None or row.account != account.id:
                raise Refused("identity-unknown", "There is no such check.")
            return replace(by, account=account.id)

    # The account that is verified

    def _account(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        party: PartyRow,
        shown: Shown,
        method: Method,
    ) -> str:
        """Give the account that is verified now, with what was said of it; it is made where there is none."""
        subject = self._subject(session, party)
        if method.kind != subject.kind or not enough(method.level, party.identity_level):
            raise Refused("method-unknown", "This way is not for this party.", "/method")
        if subject.account is None:
            return self._made(session, by, contract, party, shown, subject)
        account, given = subject.account, self._given(session, contract, party, subject)
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
        subject: _Subject,
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
