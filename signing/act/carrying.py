"""From a confirmed intent to signatures kept and recorded: read, sign, keep.

    read    one transaction: the act, its documents as they are, the picture
    sign    outside: a certificate that is good now, PAdES signatures on exactly the bytes confirmed
    keep    one transaction, with compare-and-set on act, contract and documents: bytes, events, the party's state

Cut off anywhere before the last commit, nothing was signed that anybody has: it is all done again from the act's row, with
the same key. After it, the act is done, and doing it again finds that. So nothing is signed twice or lost.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from signing.act.actors import parse_actor
from signing.act.choices import Choices
from signing.act.events import party_signed, timestamped
from signing.act.models import ActRow, CompletionRow, SignatureRow
from signing.act.ports import Revisions, Slot
from signing.certificates.service import Certificates
from signing.certificates.tables import KeyRow, KeyUseRow
from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.service import Contracts
from signing.contracts.states import Step, Who
from signing.contracts.transitions import decide
from signing.database import write
from signing.errors import Refused
from signing.intent.events import placement, seen
from signing.pades import SignedRevision, Tokens, sign
from signing.principal import Principal
from signing.seals.use import Placement, Sealed, SealUse
from signing.seals.uses import Uses

CONFIRMED, SIGNED, FAILED = "confirmed", "signed", "failed"
_LATER = frozenset({"authority-unavailable"})
"""Refusals that say "not now": the act waits."""
LONGEST = timedelta(hours=1)
"""The longest pause between two tries."""


class ActGone(Exception):  # noqa: N818  # an answer: somebody else did it
    """The act is not waiting any more: another worker carried it, or it failed."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What was read: everything that signing needs, outside of any transaction."""

    act: ActRow
    by: Principal
    contract: str
    case: str
    name: str
    use: SealUse
    papers: tuple[tuple[SignatureRow, Slot, bytes], ...]


class Carrying:
    """Carries one act to its end; may be called again at any time, by several workers."""

    def __init__(
        self,
        context: Context,
        contracts: Contracts,
        choices: Choices,
        uses: Uses,
        revisions: Revisions,
        certificates: Certificates,
        tokens: Tokens,
    ) -> None:
        self._context = context
        self._contracts = contracts
        self._choices = choices
        self._uses = uses
        self._revisions = revisions
        self._certificates = certificates
        self._tokens = tokens

    def carry(self, act: str) -> bool:
        """Sign what was confirmed; tells whether all parties have acted now.

        Raises:
            Refused: why there is no signature, and will be none: the party confirms anew. Or a code of ``_LATER``: the
                act waits and is taken up again.
            ActGone: nothing was left to do.
        """
        try:
            work = self._read(act)
            key = self._certificates.open(work.act.key)
            revisions = [
                sign(
                    content,
                    field=slot.field,
                    credential=key.credential,
                    name=work.name,
                    reason=_reason(work, row),
                    at=self._context.clock(),
                    tokens=self._tokens,
                    status=self._certificates.status,
                    appearance=work.use.page,
                )
                for row, slot, content in work.papers
            ]
            return self._keep(work, revisions)
        except Refused as refused:
            self.put_off(act) if refused.code in _LATER else self._fail(act, refused.code)
            raise
        finally:
            self._certificates.retiring.upkeep()

    def _read(self, act: str) -> _Work:
        with write(self._context.engine) as session:
            row, contract, party = self._find(session, act)
            by = self._actor(session, contract, row)
            decide(Step.SIGN, Who.PARTY, self._contracts.book.situation(session, contract, party=party.ref))
            papers = []
            for signature, slot in self._places(session, contract, party, row):
                content = self._context.custody.get(
                    session, contract.id, signature.before, by=by, purpose="sign"
                )
                papers.append((signature, slot, content))
            return _Work(
                act=row,
                by=by,
                contract=contract.id,
                case=self._context.recorder.standing(session, contract.dossier).case or "",
                name=self._contracts.book.opened(session, contract, party.name),
                use=self._choices.use(session, by, contract, party),
                papers=tuple(papers),
            )

    def _find(self, session: Session, act: str) -> tuple[ActRow, ContractRow, PartyRow]:
        row = session.get_one(ActRow, act)
        if row.state != CONFIRMED:
            raise ActGone(row.state)
        contract = self._contracts.book.contract(session, row.tenant, row.contract)
        return row, contract, self._contracts.book.party(session, contract, row.party)

    def _actor(self, session: Session, contract: ContractRow, row: ActRow) -> Principal:
        return parse_actor(self._context.custody.open(session, contract.id, row.actor), row.tenant)

    def _places(
        self, session: Session, contract: ContractRow, party: PartyRow, act: ActRow
    ) -> list[tuple[SignatureRow, Slot]]:
        """Match what was confirmed with the documents as they stand.

        Raises:
            Refused: document-changed: somebody else signed in between, say; what he confirmed is not what it is now.
        """
        rows = session.exec(
            select(SignatureRow).where(SignatureRow.act == act.id).order_by(col(SignatureRow.position))
        ).all()
        slots = {slot.document: slot for slot in self._revisions.slots(session, contract, party)}
        if any(row.document not in slots or slots[row.document].sha256 != row.before for row in rows):
            raise Refused("document-changed", "The document is another one by now; look at it again.")
        return [(row, slots[row.document]) for row in rows]

    def _keep(self, work: _Work, revisions: list[SignedRevision]) -> bool:
        with write(self._context.engine) as session:
            self._claim(session, work.act.id, SIGNED)
            contract = self._contracts.book.contract(session, work.act.tenant, work.contract)
            party = self._contracts.book.party(session, contract, work.act.party)
            self._require_unrevoked(session, work.act.key)
            events: list[str] = []
            for (row, slot, _), revision in zip(work.papers, revisions, strict=True):
                events += self._keep_one(session, work, contract, row, slot, revision)
            all_acted = self._contracts.turns.mark_signed(session, contract, party, tuple(events))
            self._certificates.retiring.retire(session, work.act.key)
            if all_acted:
                due(session, contract, self._context)
            return all_acted

    def _keep_one(
        self,
        session: Session,
        work: _Work,
        contract: ContractRow,
        row: SignatureRow,
        slot: Slot,
        revision: SignedRevision,
    ) -> list[str]:
        """Keep one signed document and what the case is told of it."""
        recorder = self._context.recorder
        stored = self._revisions.advance(session, contract, row.document, row.before, revision.pdf)
        recorder.leave(session, contract.dossier, stored.sha256)
        spot = placement(slot.page, slot.place, [slot.page_height] * slot.page)
        sealed = Sealed(
            party=work.act.party,
            document=row.document,
            before_sha256=row.before,
            after_sha256=stored.sha256,
            placement=Placement(**spot),  # type: ignore[arg-type]  # five integers by name
            certificate_sha256=revision.certificate_sha256,
        )
        used = self._uses.record(session, work.by, work.use, sealed)
        event = party_signed(work.act, row, slot, revision, stored, seen(work.by), used)
        signed = recorder.record(session, contract.dossier, event)
        told = [used, signed]
        if revision.token is not None and revision.tsa is not None:
            stamp = timestamped(
                revision.token,
                revision.tsa,
                test=is_test(self._tokens, revision.tsa),
                signed_event=signed,
                document_sha256=stored.sha256,
                party=work.act.party,
            )
            told.append(recorder.record(session, contract.dossier, stamp))
        kept = session.get_one(SignatureRow, (row.act, row.position))
        kept.after, kept.signed_event, kept.level = stored.sha256, signed, revision.level
        session.add(kept)
        return told

    def _require_unrevoked(self, session: Session, key: str) -> None:
        """A certificate that was revoked while it signed keeps its signature out of the document."""
        use = session.get(KeyUseRow, key)
        row = None if use is None else session.get(KeyRow, use.key)
        if row is None or row.revoked_at is not None:
            raise Refused("certificate-revoked", "The certificate was revoked.")

    def _claim(self, session: Session, act: str, state: str, reason: str = "") -> None:
        """Move an act out of ``confirmed``, once."""
        now = self._context.clock()
        moved = session.connection().execute(
            update(ActRow)
            .where(col(ActRow.id) == act, col(ActRow.state) == CONFIRMED)
            .values(state=state, reason=reason, ended_at=now)
        )
        if moved.rowcount != 1:
            raise ActGone(act)

    def _fail(self, act: str, reason: str) -> None:
        """Keep why there is no signature; the confirmed intent stays in the case, without one."""
        try:
            with write(self._context.engine) as session:
                self._claim(session, act, FAILED, reason)
                self._certificates.retiring.retire(session, session.get_one(ActRow, act).key)
        except ActGone:
            return

    def put_off(self, act: str) -> None:
        """Have an act taken up again later, each time later than before."""
        with write(self._context.engine) as session:
            row = session.get_one(ActRow, act)
            row.tries += 1
            row.next_try = self._context.clock() + pause(row.tries)
            session.add(row)


def pause(tries: int) -> timedelta:
    """Give how long to wait after so many tries: doubled each time, an hour at most."""
    return min(timedelta(seconds=2 ** min(tries, 12)), LONGEST)


def due(session: Session, contract: ContractRow, context: Context) -> None:
    """Have a contract that all have signed be finished."""
    if session.get(CompletionRow, contract.id) is None:
        now = context.clock()
        session.add(
            CompletionRow(contract=contract.id, tenant=contract.tenant, state="due", next_try=now, due_at=now)
        )
        session.flush()


def is_test(tokens: Tokens, tsa: str) -> bool:
    """Tell whether an authority of ours is a test; one that we do not know counts as a test."""
    return next((each.trusted.test for each in tokens.timestampers if each.trusted.name == tsa), True)


def _reason(work: _Work, row: SignatureRow) -> str:
    """What the signature says of itself, within the bytes that it signs: the case, and the challenge answered."""
    return f"zheng case {work.case} challenge {row.challenge}"
