"""Asking a signer to confirm, and judging his answer: rows and events, within the caller's transaction.

    draft      the rows of a challenge, its code as a digest; nothing is recorded yet
    asked      it was sent: the challenge counts, and is recorded
    unsent     the carrier did not take it
    judge      an answer: what became of it, recorded with the row's new state

A code leaves this module once, for whoever carries it to the signer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.ports import Paper
from signing.errors import Refused
from signing.intent import codes
from signing.intent.binding import NONCE_SIZE
from signing.intent.codes import LIFETIME, MAX_ATTEMPTS, Outcome, Trial
from signing.intent.events import challenge_of, challenge_sent, factor_passed, failed
from signing.intent.models import BindingRow, ChallengeRow
from signing.intent.ports import FaceResult
from signing.intent.statements import Locale
from signing.principal import Principal

OTP_METHODS = {"otp_sms": "sms", "otp_email": "email"}
SENDING, OPEN, ANSWERED, FAILED, REPLACED = "sending", "open", "answered", "failed", "replaced"


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge that is to be sent: ``target`` and ``code`` are for the carrier, "" where the method has none."""

    id: str
    method: str
    target: str
    code: str
    challenge: str
    state: str
    expires_at: datetime


class Challenges:
    """The rows of challenges."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def row(self, session: Session, party: PartyRow, challenge: str) -> ChallengeRow:
        """Find a challenge of a party.

        Raises:
            Refused: challenge-unknown.
        """
        row = session.get(ChallengeRow, challenge)
        if row is None or row.party != party.ref:
            raise Refused("challenge-unknown", "There is no such challenge.")
        return row

    def bindings(self, session: Session, row: ChallengeRow) -> Sequence[BindingRow]:
        """Give what a challenge is bound to, one row for each document, in order."""
        query = select(BindingRow).where(BindingRow.challenge == row.id)
        return session.exec(query.order_by(col(BindingRow.position))).all()

    def asked(self, session: Session, row: ChallengeRow) -> Asked:
        """Give a challenge as it stands; its code is known no more."""
        first = self.bindings(session, row)[0]
        return Asked(row.id, row.method, "", "", challenge_of(first), row.state, row.expires_at)

    def draft(
        self,
        session: Session,
        contract: ContractRow,
        party: PartyRow,
        papers: Sequence[Paper],
        *,
        request: str,
        method: str,
        target: str,
        locale: Locale,
    ) -> Asked:
        """Make a challenge over these documents that is to be sent; the same ``request`` again gives the first one.

        Raises:
            Refused: challenge-too-soon, notary-unavailable.
        """
        known = session.exec(
            select(ChallengeRow).where(ChallengeRow.party == party.ref, ChallengeRow.request == request)
        ).first()
        if known is not None:
            return self.asked(session, known)
        now = self._context.clock()
        self._hold_back(session, party, now)
        head = self._context.recorder.standing(session, contract.dossier).head
        if head is None:
            raise Refused(
                "notary-unavailable", "The evidence service has not opened the contract's case yet."
            )
        self.replace(session, party)
        row = ChallengeRow(
            id=self._context.uuid(),
            request=request,
            tenant=contract.tenant,
            contract=contract.id,
            party=party.ref,
            method=method,
            locale=str(locale),
            state=SENDING,
            target=self._context.custody.seal(session, contract.id, target.encode()),
            created_at=now,
            expires_at=now + LIFETIME,
        )
        code = codes.new_code(self._context.random) if method in OTP_METHODS else ""
        row.code = self._digest(row, code) if code else None
        session.add(row)
        session.flush()
        made = [self._bind(session, row, paper, position, head) for position, paper in enumerate(papers)]
        return Asked(row.id, method, target, code, challenge_of(made[0]), row.state, row.expires_at)

    def sent(
        self,
        session: Session,
        contract: ContractRow,
        row: ChallengeRow,
        *,
        provider: str,
        simulated: bool,
        transaction: str = "",
    ) -> Sequence[str]:
        """Have a challenge count from now on, and record that the signer was asked; gives the ids of the events."""
        if row.state != SENDING:
            return ()
        row.state, row.provider, row.simulated = OPEN, provider, simulated
        custody = self._context.custody
        if transaction:
            row.provider_txn = custody.seal(session, contract.id, transaction.encode())
        session.add(row)
        target = custody.open(session, contract.id, row.target).decode()
        return [
            self._context.recorder.record(
                session, contract.dossier, challenge_sent(row, binding, target, transaction)
            )
            for binding in self.bindings(session, row)
        ]

    def unsent(self, session: Session, contract: ContractRow, row: ChallengeRow) -> None:
        """Keep that a challenge was not taken by its carrier; whether it came all the same nobody knows."""
        if row.state == SENDING:
            self._fail(session, contract, row, "provider_error", None, left=MAX_ATTEMPTS)

    def replace(self, session: Session, party: PartyRow) -> None:
        """End whatever was asked of a party before: only the newest challenge can be answered."""
        query = select(ChallengeRow).where(
            ChallengeRow.party == party.ref, col(ChallengeRow.state).in_((SENDING, OPEN))
        )
        for row in session.exec(query).all():
            row.state, row.code = REPLACED, None
            session.add(row)
        session.flush()

    def judge(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        row: ChallengeRow,
        answer: str,
        *,
        right: bool | None,
        face: FaceResult | None = None,
    ) -> Outcome:
        """Judge an answer and keep what became of it. ``right``: as found by who knows the password or the face.

        A right answer records the method's event for every document; a wrong, late or spent one records its failure.
        """
        trial = Trial(row.state == OPEN, row.attempts, row.expires_at)
        given = (lambda: self._right(row, answer)) if right is None else (lambda: right)
        outcome = codes.judge(trial, self._context.clock(), right=given)
        if outcome is Outcome.CLOSED:
            return outcome
        if outcome is not Outcome.EXPIRED:
            row.attempts += 1
        if outcome is Outcome.RIGHT:
            self._pass(session, by, contract, row, face)
            return outcome
        reason = face.reason if face is not None and face.reason else str(outcome)
        # Another look at the same comparison of faces finds the same: it takes another challenge.
        ends = outcome is not Outcome.WRONG or face is not None
        left = 0 if ends else MAX_ATTEMPTS - row.attempts
        self._fail(session, contract, row, reason, by, left=left, ends=ends)
        return outcome

    def transaction(self, session: Session, contract: ContractRow, row: ChallengeRow) -> str:
        """Give the provider's number of a challenge, "" for none."""
        sealed = row.provider_txn
        return "" if sealed is None else self._context.custody.open(session, contract.id, sealed).decode()

    def _pass(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        row: ChallengeRow,
        face: FaceResult | None,
    ) -> None:
        row.state, row.code = ANSWERED, None
        session.add(row)
        transaction = self.transaction(session, contract, row)
        for binding in self.bindings(session, row):
            event = factor_passed(row, binding, by, face=face, transaction=transaction)
            self._context.recorder.record(session, contract.dossier, event)

    def _fail(
        self,
        session: Session,
        contract: ContractRow,
        row: ChallengeRow,
        reason: str,
        by: Principal | None,
        *,
        left: int,
        ends: bool = True,
    ) -> None:
        if ends:
            row.state, row.code = FAILED, None
        session.add(row)
        for binding in self.bindings(session, row):
            event = failed(row, binding, reason, left, by)
            self._context.recorder.record(session, contract.dossier, event)

    def _right(self, row: ChallengeRow, answer: str) -> bool:
        if row.code is None or not codes.well_formed(answer):
            return False
        return codes.same(row.code, self._digest(row, answer))

    def _digest(self, row: ChallengeRow, code: str) -> bytes:
        return self._context.custody.blind(row.tenant, "otp", f"{row.id} {code}")

    def _bind(
        self, session: Session, row: ChallengeRow, paper: Paper, position: int, head: bytes
    ) -> BindingRow:
        made = BindingRow(
            id=self._context.uuid(),
            challenge=row.id,
            position=position,
            tenant=row.tenant,
            document=paper.document,
            document_sha256=paper.sha256,
            head=head,
            nonce=self._context.random(NONCE_SIZE),
        )
        session.add(made)
        session.flush()
        return made

    def _hold_back(self, session: Session, party: PartyRow, now: datetime) -> None:
        query = select(ChallengeRow.created_at).where(
            ChallengeRow.party == party.ref, col(ChallengeRow.created_at) > now - codes.WINDOW
        )
        pause = codes.wait(session.exec(query).all(), now)
        if pause:
            raise Refused(
                "challenge-too-soon",
                "Another code may be asked for later.",
                expected=f"{-(-pause // codes.SECOND)} seconds",
            )
