"""The step in which a party shows who it is, where the sender demands that before it signs.

An account is what is verified. A party that was named by hand gets a contact of the tenant here, under the name that the
contract has and with what it says of itself; a company gets one for the person who acts for it besides, who is verified
first (S1-23). Of an account that the tenant keeps itself only what is lacking can be given here, never changed: nobody
becomes another by a link.
"""

from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from signing.act.subjects import Shown, Subject, Subjects
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
from signing.people.profile import SubjectKind
from signing.people.service import People
from signing.principal import Principal


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


class Identifying:
    """Leads a party through its verification; the checks themselves are `Checks`."""

    def __init__(
        self, context: Context, contracts: Contracts, people: People, identities: Identities
    ) -> None:
        self._context = context
        self._contracts = contracts
        self._people = people
        self._identities = identities
        self._subjects = Subjects(contracts, people, identities)

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
                account = self._subjects.account(session, by, row, party, shown, method)
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
        subject, provider = self._subjects.of(session, party), self._identities.provider
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
            given=self._subjects.given(session, contract, party, subject),
            methods=tuple(methods) if party.identity_level != NOTHING else (),
            provider=provider.name,
            simulated=provider.simulated,
            check=self._newest(session, by, subject),
        )

    def _newest(self, session: Session, by: Principal, subject: Subject) -> Check | None:
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
            row, account = session.get(CheckRow, check), self._subjects.of(session, party).account
            if row is None or account is None or row.account != account.id:
                raise Refused("identity-unknown", "There is no such check.")
            return replace(by, account=account.id)
