"""Asking a party to confirm, and taking its answer: from there on the signing goes on by itself.

The answer, the events of intent, the party's state and the act's row are one transaction. Carriers, faces and passwords
are asked outside of it.
"""

from dataclasses import dataclass

from sqlmodel import Session

from signing.act.actors import format_actor
from signing.act.choices import Choices
from signing.act.models import ActRow, SignatureRow
from signing.act.ports import Revisions, Slot
from signing.certificates.service import Certificates
from signing.certificates.subjects import Subject
from signing.context import Context
from signing.contracts.demands import demand_of, require_factor
from signing.contracts.draft import SubjectKind
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.ports import Paper
from signing.contracts.service import Contracts
from signing.contracts.states import Step, Who
from signing.contracts.transitions import decide
from signing.database import read, write
from signing.documents.filling import Fillings
from signing.errors import Refused
from signing.intent.challenges import OPEN, OTP_METHODS, SENDING, Asked, Challenges
from signing.intent.codes import MAX_ATTEMPTS, Outcome
from signing.intent.events import challenge_of, confirmed
from signing.intent.models import ChallengeRow
from signing.intent.ports import FaceCheck, FaceResult, FaceUndecided, SigningPasswords
from signing.intent.prompts import Prompts
from signing.intent.sending import CodeCarrier
from signing.intent.statements import Locale, intent_statement
from signing.principal import Permission, Principal

METHODS = ("otp_sms", "otp_email", "password", "face")
_CHANNELS = {"sms": "otp_sms", "email": "otp_email"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a signer answers: a code, a password, or nothing for a face; ``action`` as in intent.confirmed."""

    text: str = ""
    action: str = "click"


class Confirming:
    """The way from a document shown to a confirmed intent."""

    def __init__(
        self,
        context: Context,
        contracts: Contracts,
        prompts: Prompts,
        challenges: Challenges,
        choices: Choices,
        revisions: Revisions,
        fillings: Fillings,
        certificates: Certificates,
        *,
        carrier: CodeCarrier,
        passwords: SigningPasswords,
        face: FaceCheck,
    ) -> None:
        self._context = context
        self._contracts = contracts
        self._prompts = prompts
        self._challenges = challenges
        self._choices = choices
        self._revisions = revisions
        self._fillings = fillings
        self._certificates = certificates
        self._carrier = carrier
        self._passwords = passwords
        self._face = face

    def methods(self, session: Session, by: Principal, party: PartyRow) -> tuple[str, ...]:
        """Give the methods by which a party can confirm, of those that the sender allows."""
        methods = [_CHANNELS[party.channel]] if party.channel in _CHANNELS else []
        if by.kind == "member" and self._passwords.has(session, by):
            methods.append("password")
        if party.account is not None and party.kind == "person":
            methods.append("face")
        demand = demand_of(party.identity_level, party.factors)
        return tuple(method for method in methods if demand.allows(method))

    def start(
        self, by: Principal, contract: str, request: str, method: str, locale: Locale = Locale.ZH
    ) -> Asked:
        """Ask a party to confirm what it was shown, as it stands now; ``request`` (UUID) makes it one and the same asking.

        Raises:
            Refused: identity-required, factor-not-allowed, method-unavailable, not-your-turn, deadline-passed,
                party-state, values-missing, document-not-viewed, document-changed, terms-not-acknowledged,
                signature-not-chosen, seal-needed, challenge-too-soon, code-not-sent, face-unavailable, notary-unavailable.
        """
        by.require(Permission.SIGN)
        with write(self._context.engine) as session:
            row, party = self._ready(session, by, contract)
            self._fillings.require(session, row, party)
            papers = self._prompts.require(session, row, party)
            self._choices.require(session, party, self._slots(session, row, party, papers))
            require_factor(demand_of(party.identity_level, party.factors), method)
            if method not in self.methods(session, by, party):
                expected = ", ".join(self.methods(session, by, party))
                raise Refused("method-unavailable", "This party cannot confirm so.", "/method", expected)
            target = self._contracts.book.opened(session, row, party.target) if method in OTP_METHODS else ""
            asked = self._challenges.draft(
                session, row, party, papers, request=request, method=method, target=target, locale=locale
            )
            if asked.state != SENDING or (method in OTP_METHODS and not asked.code):
                return asked  # asked before: nothing is sent twice
        return self._send(by, row.id, asked, locale, party)

    def _send(self, by: Principal, contract: str, asked: Asked, locale: Locale, party: PartyRow) -> Asked:
        """Hand a challenge to its carrier, then have it count; if it is not taken, it does not."""
        try:
            if asked.method in OTP_METHODS:
                carried = self._carrier.carry(asked, locale, by.tenant)
                provider, simulated, transaction = carried.provider, carried.simulated, carried.transaction
            elif asked.method == "face":
                begun = self._face.begin(party.ref, party.account, asked.challenge)
                provider, simulated, transaction = begun.provider, begun.simulated, begun.transaction
            else:
                provider, simulated, transaction = "platform", False, ""
        except (Refused, FaceUndecided) as error:
            with write(self._context.engine) as session:
                row, party = self._contracts.turns.open_for(session, by, contract)
                self._challenges.unsent(session, row, self._challenges.row(session, party, asked.id))
            if isinstance(error, Refused):
                raise
            raise Refused("face-unavailable", "The comparison of faces cannot be begun now.") from error
        with write(self._context.engine) as session:
            row, party = self._ready(session, by, contract)
            challenge = self._challenges.row(session, party, asked.id)
            if challenge.state == SENDING:
                self._tell(session, row, party, challenge)
            self._challenges.sent(
                session, row, challenge, provider=provider, simulated=simulated, transaction=transaction
            )
            return self._challenges.asked(session, challenge)

    def _tell(
        self, session: Session, contract: ContractRow, party: PartyRow, challenge: ChallengeRow
    ) -> None:
        """Have the case hear of what the party entered before it hears that the party was asked to confirm it."""
        asked = [
            Paper(each.document, each.document_sha256)
            for each in self._challenges.bindings(session, challenge)
        ]
        self._fillings.tell(session, contract, party, asked)

    def answer(self, by: Principal, contract: str, challenge: str, answer: Answer) -> str:
        """Take the answer to a challenge; gives the id of the act that is now confirmed.

        The right answer to an answered challenge gives nothing anew: it is refused as closed.

        Raises:
            Refused: challenge-unknown, challenge-closed, challenge-expired, answer-wrong, too-many-attempts,
                face-undecided, document-changed, not-your-turn, deadline-passed, and what ``start`` refuses.
        """
        by.require(Permission.SIGN)
        right, face = self._ask_elsewhere(by, contract, challenge, answer)
        with write(self._context.engine) as session:
            row, party = self._ready(session, by, contract)
            asked = self._challenges.row(session, party, challenge)
            changed = asked.state == OPEN and self._changed(session, row, party, asked)
            if changed:
                self._challenges.replace(session, party)
                outcome, act, attempts = None, "", 0
            else:
                outcome = self._challenges.judge(session, by, row, asked, answer.text, right=right, face=face)
                attempts = asked.attempts
                act = (
                    self._confirm(session, by, row, party, asked, answer) if outcome is Outcome.RIGHT else ""
                )
        if outcome is None:
            raise Refused("document-changed", "The document is another one by now; look at it again.")
        if not act:
            raise _refusal(outcome, attempts)
        return act

    def _ask_elsewhere(
        self, by: Principal, contract: str, challenge: str, answer: Answer
    ) -> tuple[bool | None, FaceResult | None]:
        """Ask who knows a password or a face; what is slow is done before the transaction."""
        with read(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            asked = self._challenges.row(session, party, challenge)
            method, state = asked.method, asked.state
            transaction = self._challenges.transaction(session, row, asked)
        if method == "password" and state == OPEN:
            return self._passwords.check(by, answer.text), None
        if method != "face" or state != OPEN:
            return None, None
        try:
            found = self._face.result(transaction)
        except FaceUndecided as error:
            raise Refused("face-undecided", "The comparison of faces has no result yet.") from error
        return found.passed, found

    def _ready(self, session: Session, by: Principal, contract: str) -> tuple[ContractRow, PartyRow]:
        """Find whose turn it is, as the table of states has it at this moment."""
        row, party = self._contracts.turns.open_for(session, by, contract)
        situation = self._contracts.book.situation(session, row, party=party.ref)
        decide(Step.CONFIRM, Who.PARTY, situation)
        if party.state not in ("viewed", "confirmed"):
            raise Refused("party-state", f"A party that is '{party.state}' has nothing to confirm.")
        self._contracts.demanding.require(session, row, party)
        return row, party

    def _slots(
        self, session: Session, contract: ContractRow, party: PartyRow, papers: tuple[Paper, ...]
    ) -> tuple[Slot, ...]:
        slots = self._revisions.slots(session, contract, party)
        placed = {slot.document for slot in slots}
        if any(paper.document not in placed for paper in papers):
            raise Refused("signature-place-missing", "A document has no place for this party's signature.")
        return slots

    def _changed(self, session: Session, contract: ContractRow, party: PartyRow, asked: ChallengeRow) -> bool:
        """Tell whether the documents are others than the challenge is bound to."""
        bound = {row.document: row.document_sha256 for row in self._challenges.bindings(session, asked)}
        standing = {slot.document: slot.sha256 for slot in self._revisions.slots(session, contract, party)}
        return bound != standing

    def _confirm(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        party: PartyRow,
        asked: ChallengeRow,
        answer: Answer,
    ) -> str:
        now = self._context.clock()
        statement = intent_statement(Locale(asked.locale))
        custody, recorder = self._context.custody, self._context.recorder
        act = ActRow(
            id=self._context.uuid(),
            tenant=contract.tenant,
            contract=contract.id,
            party=party.ref,
            challenge=asked.id,
            key=self._context.uuid(),
            actor=custody.seal(session, contract.id, format_actor(by)),
            state="confirmed",
            next_try=now,
            confirmed_at=now,
        )
        session.add(act)
        session.flush()
        events = []
        for binding in self._challenges.bindings(session, asked):
            event = confirmed(asked, binding, by, statement, answer.action)
            binding.confirmed = recorder.record(session, contract.dossier, event)
            session.add(binding)
            events.append(binding.confirmed)
            session.add(
                SignatureRow(
                    act=act.id,
                    position=binding.position,
                    tenant=contract.tenant,
                    document=binding.document,
                    before=binding.document_sha256,
                    intent_event=binding.confirmed,
                    challenge=challenge_of(binding),
                )
            )
        self._request_key(session, contract, party, act)
        self._contracts.turns.mark_confirmed(session, contract, party, events[0])
        return act.id

    def _request_key(self, session: Session, contract: ContractRow, party: PartyRow, act: ActRow) -> None:
        """Have a key made ready for this act: one that serves once, or the one that the party's account keeps."""
        kind: SubjectKind = "organization" if party.kind == "organization" else "person"
        held = self._certificates.profiles.of(kind, party.account)
        self._certificates.request(
            session,
            tenant=contract.tenant,
            dossier=contract.dossier,
            subject=Subject(
                self._contracts.book.opened(session, contract, party.name),
                kind,
                party.ref,
            ),
            key=act.key,
            profile=held.profile,
            holder=held.holder,
        )


def _refusal(outcome: Outcome, attempts: int) -> Refused:
    match outcome:
        case Outcome.EXPIRED:
            return Refused("challenge-expired", "The challenge is too old; ask for another one.")
        case Outcome.SPENT:
            return Refused("too-many-attempts", "Too many wrong answers; ask for another challenge.")
        case Outcome.WRONG:
            return Refused(
                "answer-wrong", "The answer is wrong.", "/answer", f"{MAX_ATTEMPTS - attempts} more tries"
            )
        case _:  # CLOSED; RIGHT never comes here
            return Refused("challenge-closed", "This challenge was answered, or replaced by a newer one.")
