"""The demonstration's story: a company lets a flat to two people, and all three sign through the pipeline, over HTTP.

First a contract is refused, because of its rent; then the one that takes its place is signed. Whoever acts here is a client
of the service like any other: the platform by its API key, members and parties by sessions of their own.

Every person, number and address is invented; telephone and identity numbers are of forms that are never given out.
Identity checks and text messages are simulated, certificates of a test authority, and every event says so.
"""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta

from zheng_client import Client, ProblemError
from zheng_client.parties import Contract, Control, Document, Party
from zheng_client.people import Account, PublishedText
from zheng_client.seals import RoundSeal
from zheng_client.signer import PartySide

from api.demo.pen import handwriting
from api.demo.phones import Phones
from api.demo.waiting import until
from api.times import now
from signing.documents.controls import Control as Placed
from signing.documents.samples import lease
from signing.people.secrets import totp_code

Progress = Callable[[str], None]
Connect = Callable[[str], Client]


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person."""

    name: str
    phone: str
    id_number: str

    @property
    def profile(self) -> dict[str, str]:
        """The values of an account."""
        return {"name": self.name, "phone": self.phone, "id_type": "id_card", "id_number": self.id_number}


COMPANY, _FIRST, _SECOND = lease.PARTIES
FIRST_TENANT = Person(_FIRST, "+8619900000001", "110101199001010000")
SECOND_TENANT = Person(_SECOND, "+8619900000002", "310101199202020000")
# In the company one person keeps the seals, another approves them and acts for the company.
KEEPER = Person("陈静", "+8619900000003", "330101198803030000")
AGENT = Person("周敏", "+8619900000004", "440101198504040000")

_COMPANY_CODE = "91000000MA00000000"
_PASSWORD = "three geese over the old bridge"  # noqa: S105  # of invented people, in an installation for show
_SIGN_BY, _SEAL_FOR = timedelta(days=30), timedelta(days=30)
_READ_MS = 61_000  # how long a page of the signer's says that the document was on the screen
_RENTS = ("4800.00", lease.VALUES["rent"])  # the one that is refused, and the one that was agreed


@dataclass(frozen=True, slots=True)
class Played:
    """A contract that was signed, and its case of evidence."""

    contract: str
    case: str


class Story:
    """Plays it; ``connect`` makes a client for the token of somebody's session."""

    def __init__(self, platform: Client, connect: Connect, progress: Progress) -> None:
        self._signing = platform.signing
        self._connect = connect
        self._phones = Phones(platform.signing.simulated_texts)
        self._tell = progress
        self._company = self._first = self._second = self._seal = ""

    def play(self) -> Played:
        """Play the whole of it; gives the contract that was signed."""
        self._form_company()
        self._first, self._second = self._meet(FIRST_TENANT), self._meet(SECOND_TENANT)
        self._tell("two tenants are verified, by a simulator")

        refused = self._send(_RENTS[0])
        with self._enter(FIRST_TENANT) as party:
            self._read(party)
            party.reject("content", reason="月租金与约定不符。 The rent is not what was agreed.")
        self._tell("a tenant refused: the contract ended, and another takes its place")

        contract = self._send(_RENTS[1], replaces=refused)
        self._sign(FIRST_TENANT, lambda party: party.choose(strokes=handwriting()))
        self._sign(SECOND_TENANT, lambda party: party.choose(text=SECOND_TENANT.name))
        self._sign(AGENT, lambda party: party.choose(seal=self._seal))
        self._tell("all have signed, the company by its seal")
        for person in (FIRST_TENANT, SECOND_TENANT, AGENT):
            self._deliver(person)
        return Played(contract.id, self._deposited(contract))

    # The company, its people and its seal

    def _form_company(self) -> None:
        """Describe the company, have two members set up, verify who acts for it, and put its seal in force."""
        people = self._signing.people
        keeper = people.create_member(login="keeper", roles=["member", "seal_admin"], **KEEPER.profile)
        agent = people.create_member(login="agent", roles=["member", "system_admin"], **AGENT.profile)
        with self._join(keeper) as keeping, self._join(agent) as acting:
            self._tell(f"{COMPANY} has two members: passwords, second factors, roles")
            acting.signing.people.consent(self._consent())
            self._verified(agent.id, "telecom3")
            self._company = people.describe_organisation(
                name=COMPANY, uscc=_COMPANY_CODE, legal_representative="林远", phone=AGENT.phone
            ).id
            people.name_agent(agent.id)
            self._verified(self._company, "registry3")
            self._make_seal(keeping, acting, agent)

    @contextmanager
    def _join(self, member: Account) -> Iterator[Client]:
        """Have a member open his set-up link, set password and second factor, and agree; gives his own client."""
        people = self._signing.people
        shown = people.open_setup(people.invite(member.id))
        secret = base64.b32decode(shown.secret)  # into his authenticator app
        agreed = [each for each in people.texts() if each.name in shown.agreements]
        session = people.set_up(shown, _PASSWORD, totp_code(secret, now()), agreed)
        with self._connect(session.token) as client:
            yield client

    def _make_seal(self, keeping: Client, acting: Client, agent: Account) -> None:
        """One member draws the seal, another approves it; then it is put in force and granted to whoever signs."""
        seals = keeping.signing.seals
        design = RoundSeal(COMPANY, ["合同专用章"], number="0000000000000")
        seal = seals.create("合同专用章（演示）", "contract", design).id
        seals.submit(seal)
        acting.signing.seals.decide(seal, approve=True)
        seals.enable(seal)
        seals.grant(seal, agent.id, kinds=["lease"], valid_from=now(), valid_to=now() + _SEAL_FOR)
        self._seal = seal
        self._tell("its seal is drawn, approved by another member, in force, granted")

    # The tenants

    def _meet(self, person: Person) -> str:
        """Make a contact of a person who agrees to be verified, and is; gives the account."""
        people = self._signing.people
        account = people.create_contact("person", **person.profile).id
        people.consent(self._consent(), account=account)
        self._verified(account, "telecom3")
        return account

    def _consent(self) -> PublishedText:
        texts = self._signing.people.texts()
        return next(each for each in texts if each.name == "identity_verification")

    def _verified(self, account: str, method: str) -> None:
        check = self._signing.people.verify(account, method)
        if check.state != "verified":
            raise RuntimeError(f"the simulator of identities said: {check.state}")

    # The contract

    def _send(self, rent: str, *, replaces: Contract | None = None) -> Contract:
        """Draft the lease from its DOCX, fill it in, and send it; the tenants sign one after the other, the company last.

        The parties stand in the order in which the lease names them.
        """
        contracts = self._signing.contracts
        contract = contracts.create(
            lease.TITLE,
            [
                Party(account=self._company, kind="organization", group=3),
                Party(account=self._first, group=1),
                Party(account=self._second, group=2),
            ],
            scene="house_renting",
            deadline=now() + _SIGN_BY,
            replaces=None if replaces is None else replaces.id,
        )
        self._draft(contract, rent)

        def sent() -> Contract | None:
            try:
                return contracts.send(contract.id)
            except ProblemError as problem:
                if problem.code != "notary-unavailable":
                    raise
                return None  # its case of evidence is just being opened, and has to stand on its pages

        contract = until(sent, "the case of evidence")
        self._tell(f"the lease is sent, at {rent} a month")
        return contract

    def _draft(self, contract: Contract, rent: str) -> None:
        documents = self._signing.documents
        document = self._upload(contract).document
        documents.place(document, [_control(each) for each in lease.lease_controls()])
        names = {"landlord": COMPANY, "tenant_1": _FIRST, "tenant_2": _SECOND}
        own = {"landlord_code": _COMPANY_CODE, "rent": rent}
        documents.fill(document, {**lease.VALUES, **names, **own})

    def _upload(self, contract: Contract) -> Document:
        """Upload the DOCX, which the service converts; where it has nothing that could, the same lease as PDF."""
        documents = self._signing.documents
        try:
            return documents.upload(contract.id, lease.NAME, lease.lease_docx())
        except ProblemError as problem:
            if problem.code != "converter-missing":
                raise
        return documents.upload(contract.id, "lease.pdf", lease.lease_pdf())

    # Signing

    @contextmanager
    def _enter(self, person: Person) -> Iterator[PartySide]:
        """Follow the link that came by text message."""
        session = self._signing.use_link(self._phones.link(person.phone))
        with self._connect(session.token) as client:
            yield client.party_side()

    def _read(self, party: PartySide) -> None:
        """Look at the documents, to the end, and note the terms that are highlighted."""
        for each in party.look().documents:
            party.document(each.document)
            party.viewed(each.document, each.sha256, pages=lease.PAGES, dwell_ms=_READ_MS)
            if each.terms:
                party.acknowledge(each.document, [term.id for term in each.terms])

    def _sign(self, person: Person, choose: Callable[[PartySide], None]) -> None:
        """Read, choose what the signature shows, and confirm by the code that comes by text message."""
        with self._enter(person) as party:
            self._read(party)
            choose(party)
            challenge = party.challenge("otp_sms")
            party.answer(challenge.id, self._phones.code(person.phone), action="checkbox")
            until(lambda: not party.look().turn or None, "the signature")

    def _deliver(self, person: Person) -> None:
        """Follow the link that comes when all have signed, and take a copy."""
        with self._enter(person) as party:
            for each in party.look().documents:
                party.file(each.document)

    def _deposited(self, contract: Contract) -> str:
        """Wait until all evidence of a contract is deposited; gives its case."""

        def settled() -> str | None:
            found = self._signing.contracts.get(contract.id)
            return found.case if found.state == "completed" and found.waiting == 0 else None

        return until(settled, "the deposit of the evidence")


def _control(control: Placed) -> Control:
    """Give a control of the sample as a program sends it."""
    place, rule = control.place, control.rule
    return Control(
        control.name,
        control.kind.value,
        control.page,
        place.x,
        place.y,
        place.width,
        place.height,
        control.party,
        control.required,
        {**asdict(rule), "options": list(rule.options)},
    )
