"""The end of a contract that all have signed: a document time-stamp over everything, then completed, delivered, closed.

An authority that does not answer costs the time-stamp: the contract completes without, and gets it later as one more
revision, which is recorded after the close as custody may be.
"""

from dataclasses import replace

from sqlmodel import Session, col, select, update

from signing.act.carrying import is_test, pause
from signing.act.events import reference, timestamped
from signing.act.models import ActRow, ChoiceRow, CompletionRow, SignatureRow
from signing.act.ports import Revisions
from signing.certificates.service import Certificates
from signing.context import Context
from signing.contracts.models import ContractRow
from signing.contracts.ports import Paper, Papers
from signing.contracts.service import Contracts
from signing.custody.service import StoredFile
from signing.database import write
from signing.pades import Finished, Tokens, finish

DUE, LACKING, DONE, FORGOTTEN = "due", "lacking", "done", "erased"


class Completing:
    """Finishes contracts; may be called again at any time."""

    def __init__(
        self,
        context: Context,
        contracts: Contracts,
        papers: Papers,
        revisions: Revisions,
        certificates: Certificates,
        tokens: Tokens,
    ) -> None:
        self._context = context
        self._contracts = contracts
        self._papers = papers
        self._revisions = revisions
        self._certificates = certificates
        self._tokens = tokens

    def complete(self, contract: str) -> str:
        """Finish a contract's documents and end it; gives the state: done, or lacking an authority's time.

        Raises:
            Refused: what the table of states says.
        """
        with write(self._context.engine) as session:
            row = session.get_one(CompletionRow, contract)
            if row.state in (DONE, FORGOTTEN):
                return row.state
            found = session.get_one(ContractRow, contract)
            contents = [
                (paper, self._context.custody.get(session, contract, paper.sha256, by=None, purpose="sign"))
                for paper in self._papers.standing(session, found)
            ]
        finished = [
            (paper, finish(content, tokens=self._tokens, status=self._certificates.status))
            for paper, content in contents
        ]
        whole = all(each.token is not None for _, each in finished)
        with write(self._context.engine) as session:
            row = session.get_one(CompletionRow, contract)
            if row.state in (DONE, FORGOTTEN) or (row.state == LACKING and not whole):
                self._wait(session, row)
                return row.state
            found = session.get_one(ContractRow, contract)
            files = [
                reference("signed", self._advance(session, found, paper, each)) for paper, each in finished
            ]
            if row.state == DUE:
                self._contracts.turns.complete(session, found, tuple(files))
            row.state, row.done_at = DONE if whole else LACKING, self._context.clock()
            self._wait(session, row)
            return row.state

    def put_off(self, contract: str) -> None:
        """Have a contract taken up again later, each time later than before."""
        with write(self._context.engine) as session:
            self._wait(session, session.get_one(CompletionRow, contract))

    def forget(self, session: Session, tenant: str, owner: str) -> None:
        """Go after no authority's time for documents that are erased, and keep no digest of them: a hook of erasures."""
        row = session.get(CompletionRow, owner)
        if row is not None and row.tenant == tenant and row.state == LACKING:
            row.state = FORGOTTEN
            session.add(row)
        acts = select(ActRow.id).where(ActRow.contract == owner, ActRow.tenant == tenant)
        signatures = update(SignatureRow).where(col(SignatureRow.act).in_(acts))
        session.exec(signatures.values(before="", after=None, challenge=""))
        session.exec(update(ActRow).where(col(ActRow.id).in_(acts)).values(actor=b""))
        choices = update(ChoiceRow).where(col(ChoiceRow.contract) == owner, col(ChoiceRow.tenant) == tenant)
        session.exec(choices.values(making=b""))
        session.flush()

    def _wait(self, session: Session, row: CompletionRow) -> None:
        row.tries += 1
        row.next_try = self._context.clock() + pause(row.tries)
        session.add(row)

    def _advance(
        self, session: Session, contract: ContractRow, paper: Paper, finished: Finished
    ) -> StoredFile:
        recorder = self._context.recorder
        stored = self._revisions.advance(session, contract, paper.document, paper.sha256, finished.pdf)
        recorder.leave(session, contract.dossier, stored.sha256)
        if finished.token is None:
            return stored
        event = timestamped(
            finished.token.der,
            finished.token.tsa,
            test=is_test(self._tokens, finished.token.tsa),
            signed_event=self._last_signed(session, contract, paper.document),
            document_sha256=stored.sha256,
            party=None,
        )
        recorder.record(session, contract.dossier, replace(event, documents=(reference("signed", stored),)))
        return stored

    def _last_signed(self, session: Session, contract: ContractRow, document: str) -> str:
        query = (
            select(SignatureRow.signed_event)
            .join(ActRow, col(ActRow.id) == col(SignatureRow.act))
            .where(
                ActRow.contract == contract.id,
                SignatureRow.document == document,
                col(SignatureRow.signed_event).is_not(None),
            )
            .order_by(col(ActRow.ended_at).desc())
        )
        return session.exec(query).first() or ""
