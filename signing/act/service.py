"""`Acts`: what a signer does, from the first look to the signature, and what the service goes on with by itself.

open, viewed, acknowledge, choose   what comes before; and what a party enters: `entering`
start, answer                       the challenge; a right answer is a confirmed intent, and the signature follows at once
resume                              whatever was cut off or put off: at the start, and by a thread
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import Session, col, or_, select

from signing.act.carrying import CONFIRMED, FAILED, LONGEST, ActGone, Carrying, due
from signing.act.choices import Choice, Choices
from signing.act.completing import DUE, LACKING, Completing
from signing.act.confirming import Answer, Confirming
from signing.act.entering import Entering
from signing.act.events import downloaded
from signing.act.models import ActRow, CompletionRow
from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.service import Contracts
from signing.contracts.turns import Viewing
from signing.database import read, write
from signing.errors import Refused
from signing.intent.challenges import Asked
from signing.intent.ports import TextReader
from signing.intent.prompts import Prompts
from signing.intent.statements import Locale
from signing.principal import Principal
from signing.waiting import over

_LOG = structlog.get_logger(__name__)
_PORTION = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """How an act stands: confirmed (under way), signed, or failed for a ``reason`` (a code of refusals)."""

    id: str
    state: str
    reason: str


class Acts:
    """The act of signing of all tenants. Safe to use from several threads."""

    def __init__(
        self,
        context: Context,
        contracts: Contracts,
        *,
        prompts: Prompts,
        choices: Choices,
        entering: Entering,
        confirming: Confirming,
        carrying: Carrying,
        completing: Completing,
        reader: TextReader,
    ) -> None:
        self._context = context
        self._contracts = contracts
        self.prompts = prompts
        self.choices = choices
        self.entering = entering
        self.confirming = confirming
        self._carrying = carrying
        self._completing = completing
        self._reader = reader
        self._mutex = threading.Lock()
        self._busy: set[str] = set()

    # What comes before

    def read_terms(self, tenant: str, contract: str) -> None:
        """Search a contract's documents for terms of weight, those that were not searched yet."""
        with write(self._context.engine) as session:
            row = self._contracts.book.contract(session, tenant, contract)
            contents = [
                (paper, self._context.custody.get(session, row.id, paper.sha256, by=None, purpose="sign"))
                for paper in self.prompts.unread(session, row)
            ]
        readings = [(paper, self._reader.read(content)) for paper, content in contents]
        if not readings:
            return
        with write(self._context.engine) as session:
            row = self._contracts.book.contract(session, tenant, contract)
            for paper, reading in readings:
                self.prompts.keep(session, row, paper, reading)

    def open(self, by: Principal, contract: str) -> None:
        """Have the documents that a party opens searched for terms, so that it is told of them before it was shown anything.

        What it entered before another one signed is put into what they are now.

        Raises:
            Refused: contract-unknown, erased.
        """
        with read(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            unread = party.notified_at is not None and self.prompts.unread(session, row)
        if unread:
            self.read_terms(by.tenant, row.id)
        self.entering.renew(by, contract)

    def viewed(self, by: Principal, contract: str, viewing: Viewing) -> str:
        """Record that a document was shown to a party; gives the event's id.

        Raises:
            Refused: contract-unknown, not-your-turn, document-changed.
        """
        with write(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            event = self._contracts.turns.mark_viewed(session, by, row, party, viewing)
            self.prompts.shown(session, party, self.prompts.paper(session, row, viewing.document, party))
        self.read_terms(by.tenant, row.id)
        return event

    def content(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        party: PartyRow,
        document: str,
        *,
        keep: bool,
    ) -> tuple[bytes, str]:
        """Give a document's newest bytes to a party, with their SHA-256 (hex).

        What the party entered itself is in them, but not in a copy to ``keep``, which is recorded: nobody signed it yet.

        Raises:
            Refused: document-unknown, erased, not-your-turn: the contract was not sent to this party yet.
        """
        if party.notified_at is None:
            raise Refused("not-your-turn", "The contract was not sent to this party yet.")
        paper = self.prompts.paper(session, contract, document, None if keep else party)
        purpose = "download" if keep else "view"
        content = self._context.custody.get(session, contract.id, paper.sha256, by=by, purpose=purpose)
        if keep:
            self._context.recorder.record(session, contract.dossier, downloaded(party, paper, by))
        return content, paper.sha256

    def acknowledge(
        self, by: Principal, contract: str, document: str, terms: Sequence[str], locale: Locale, action: str
    ) -> None:
        """Record that a party noted the terms highlighted in a document.

        Raises:
            Refused: contract-unknown, document-unknown, document-not-viewed, terms-missing, contract-state.
        """
        with write(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            self._require_open(row)
            paper = self.prompts.paper(session, row, document, party)
            events = self.prompts.acknowledge(
                session, by, row, party, paper, terms, locale=locale, action=action
            )
            for event in events:
                self._context.recorder.record(session, row.dossier, event)

    def choose(self, by: Principal, contract: str, choice: Choice) -> None:
        """Keep what a party's signature will show.

        Raises:
            Refused: contract-unknown, contract-state, and what ``Choices.choose`` refuses.
        """
        with write(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            self._require_open(row)
            self.choices.choose(session, by, row, party, choice)

    def _require_open(self, contract: ContractRow) -> None:
        if contract.state != "signing":
            raise Refused("contract-state", "Nothing more is signed in this contract.", expected="signing")

    # The challenge, and what follows

    def start(self, by: Principal, contract: str, request: str, method: str, locale: Locale) -> Asked:
        """As ``Confirming.start``."""
        return self.confirming.start(by, contract, request, method, locale)

    def answer(self, by: Principal, contract: str, challenge: str, answer: Answer) -> Standing:
        """Take an answer; if it is right, sign. What cannot be signed just now is ``confirmed`` and goes on by itself.

        Raises:
            Refused: as ``Confirming.answer``; or why the signature was not kept, after the intent was confirmed:
                document-changed, deadline-passed, certificate-revoked, seal-not-granted, …
        """
        act = self.confirming.answer(by, contract, challenge, answer)
        try:
            self._carry(act)
        except Refused as refused:
            if self.standing(act).state == FAILED:
                raise
            del refused  # put off: the thread takes it up; or another process was faster, and has signed
        return self.standing(act)

    def approve(self, by: Principal, contract: str) -> None:
        """Approve as an approver among the parties.

        Raises:
            Refused: as ``Turns.mark_approved``; identity-required.
        """
        with write(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            self._contracts.demanding.require(session, row, party)
            last = self._contracts.turns.mark_approved(session, by, row, party)
            if last:
                due(session, row, self._context)
        if last:
            self._complete(row.id)

    def forget(self, session: Session, tenant: str, owner: str) -> None:
        """As ``Completing.forget``."""
        self._completing.forget(session, tenant, owner)

    def standing(self, act: str) -> Standing:
        """Say how an act stands."""
        with read(self._context.engine) as session:
            row = session.get_one(ActRow, act)
            return Standing(row.id, row.state, row.reason)

    # What goes on by itself

    def resume(self, now: datetime) -> int:
        """Go on with what was cut off or put off, and give how many were taken up. For the start, and for a thread."""
        with read(self._context.engine) as session:
            acts = session.exec(
                select(ActRow.id)
                .where(ActRow.state == CONFIRMED, over(col(ActRow.next_try), now, LONGEST))
                .limit(_PORTION)
            ).all()
            completions = session.exec(
                select(CompletionRow.contract)
                .where(
                    or_(CompletionRow.state == DUE, CompletionRow.state == LACKING),
                    over(col(CompletionRow.next_try), now, LONGEST),
                )
                .limit(_PORTION)
            ).all()
        for act in acts:
            try:
                self._carry(act)
            except Refused:
                continue  # kept with the act: why, and whether it is tried again
            except Exception:  # noqa: BLE001  (a damaged file, say: of this one alone, and it must not hold up the others)
                _LOG.exception("a signature could not be taken up", act=act)
                self._carrying.put_off(act)
        for contract in completions:
            try:
                self._complete(contract)
            except Exception:  # noqa: BLE001  # as above
                _LOG.exception("a contract could not be finished", contract=contract)
                self._completing.put_off(contract)
        return len(acts) + len(completions)

    def _carry(self, act: str) -> None:
        with self._alone(act) as mine:
            if not mine:
                return
            try:
                last = self._carrying.carry(act)
            except ActGone:
                return
            with read(self._context.engine) as session:
                contract = session.get_one(ActRow, act).contract
        if last:
            self._complete(contract)

    def _complete(self, contract: str) -> None:
        with self._alone(contract) as mine:
            if mine:
                self._completing.complete(contract)

    @contextmanager
    def _alone(self, what: str) -> Iterator[bool]:
        """Keep a second worker of this process off; across processes the rows decide."""
        with self._mutex:
            mine = what not in self._busy
            self._busy.add(what)
        try:
            yield mine
        finally:
            if mine:
                with self._mutex:
                    self._busy.discard(what)
