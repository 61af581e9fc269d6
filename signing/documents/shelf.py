"""The rows of documents, found within their tenant, and their files in custody."""

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select
from zheng_verifier.claim import Actor
from zheng_verifier.timestamp.algorithms import digest

from signing.context import Context
from signing.contracts.book import creator
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.states import ContractState
from signing.custody.service import StoredFile
from signing.documents.models import DocumentRow
from signing.documents.overlay import Watermark
from signing.errors import Refused
from signing.principal import Permission, Principal

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered into a document: values by control name, and a watermark."""

    values: dict[str, str]
    watermark: Watermark | None = None


class Shelf:
    """Finds documents, and reads and keeps their bytes; everything within the caller's transaction."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def contract(
        self, session: Session, by: Principal, contract: str, *, reading: bool = False
    ) -> ContractRow:
        """Find a contract that the caller may prepare: its sender, a program of the tenant, or who sees all.

        ``reading``: who sees all need not be allowed to send.

        Raises:
            Refused: permission-missing, contract-unknown.

        """
        if not (reading and by.may(Permission.VIEW_ALL_CONTRACTS)):
            by.require(Permission.SEND_CONTRACTS)
        row = session.get(ContractRow, contract)
        foreign = row is not None and by.kind == "member" and creator(by) != row.creator
        if row is None or row.tenant != by.tenant or (foreign and not by.may(Permission.VIEW_ALL_CONTRACTS)):
            raise Refused("contract-unknown", "There is no such contract.")
        return row

    def documents(self, session: Session, contract: ContractRow) -> tuple[DocumentRow, ...]:
        """Give the documents of a contract in the order in which they came."""
        found = select(DocumentRow).where(DocumentRow.contract == contract.id)
        return tuple(session.exec(found.order_by(col(DocumentRow.position))))

    def document(self, session: Session, contract: ContractRow, document: str) -> DocumentRow:
        """Find a document of a contract.

        Raises:
            Refused: document-unknown.

        """
        row = session.get(DocumentRow, document)
        if row is None or row.contract != contract.id:
            raise Refused("document-unknown", "There is no such document in this contract.")
        return row

    def found(
        self, session: Session, by: Principal, document: str, *, reading: bool = False
    ) -> tuple[ContractRow, DocumentRow]:
        """Find a document whose contract the caller may prepare.

        Raises:
            Refused: permission-missing, document-unknown.

        """
        row = session.get(DocumentRow, document)
        if row is None or row.tenant != by.tenant:
            raise Refused("document-unknown", "There is no such document.")
        return self.contract(session, by, row.contract, reading=reading), row

    def require_draft(self, contract: ContractRow) -> None:
        """Let pass a contract whose documents may still be changed.

        Raises:
            Refused: contract-state.

        """
        if contract.state != ContractState.DRAFT:
            raise Refused("contract-state", "Documents are changed in drafts only.", expected="draft")

    def put(
        self, session: Session, contract: ContractRow, content: bytes, media_type: str = PDF
    ) -> StoredFile:
        """Keep bytes of a contract."""
        stored: StoredFile = self.context.custody.put(session, contract.id, content, media_type=media_type)
        return stored

    def get(
        self, session: Session, contract: ContractRow, sha256: str, by: Principal | None, purpose: str
    ) -> bytes:
        """Read bytes of a contract, whose digest is checked; the access is logged."""
        return self.context.custody.get(session, contract.id, sha256, by=by, purpose=purpose)

    def sealed(self, session: Session, contract: ContractRow, text: str) -> bytes:
        """Encrypt a text for a column."""
        return self.context.custody.seal(session, contract.id, text.encode())

    def opened(self, session: Session, contract: ContractRow, sealed: bytes) -> str:
        """Decrypt a text of a column."""
        return self.context.custody.open(session, contract.id, sealed).decode()

    def party_names(
        self, session: Session, contract: ContractRow, parties: tuple[PartyRow, ...]
    ) -> tuple[str, ...]:
        """Give what the parties are called, in their order."""
        return tuple(self.opened(session, contract, party.name) for party in parties)

    def entered(self, session: Session, contract: ContractRow, row: DocumentRow) -> Entered:
        """Give what was entered into a document so far."""
        if row.entered is None:
            return Entered({})
        kept: dict[str, Any] = json.loads(self.opened(session, contract, row.entered))
        mark = kept.get("watermark")
        return Entered(kept["values"], None if mark is None else Watermark(**mark))

    def enter(self, session: Session, contract: ContractRow, row: DocumentRow, entered: Entered) -> None:
        """Keep what was entered into a document."""
        kept: dict[str, Any] = {"values": entered.values}
        if (mark := entered.watermark) is not None:
            kept["watermark"] = {
                "text": mark.text,
                "angle": mark.angle,
                "opacity": mark.opacity,
                "size": mark.size,
            }
        row.entered = self.sealed(session, contract, json.dumps(kept, ensure_ascii=False))

    def actor(self, by: Principal, contract: ContractRow) -> Actor | None:
        """Name who acts in the case: the sender by his reference, anybody else of the tenant by a fresh one."""
        if by.kind == "system":
            return None
        if by.kind == "party":
            return Actor("person", by.party or self.context.uuid())
        own = creator(by) == contract.creator
        kind = "api_client" if by.kind == "api_client" else "person"
        return Actor(kind, contract.sender if own else self.context.uuid())


def stored_pdf(content: bytes, sha256: str) -> StoredFile:
    """Name bytes that are kept already."""
    return StoredFile(sha256, digest("sm3", content).hex(), len(content), PDF)
