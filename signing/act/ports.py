"""What an act of signing needs of its neighbours: places in documents, and their revisions."""

from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session

from signing.contracts.models import ContractRow, PartyRow
from signing.custody.service import StoredFile


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a party signs a document, whose newest bytes have ``sha256`` (hex).

    ``place`` is x, y, width, height in thousandths of a point from the page's top-left corner as shown; ``sealed``: a seal
    stands there and no handwriting; ``page_height`` is the page's, as shown.
    """

    document: str
    sha256: str
    field: str
    page: int
    place: tuple[int, int, int, int]
    page_height: int
    sealed: bool


class Revisions(Protocol):
    """Documents as they grow by signatures."""

    def slots(self, session: Session, contract: ContractRow, party: PartyRow) -> tuple[Slot, ...]:
        """Give where a party signs, one place for each document, in the order of the documents."""

    def advance(
        self, session: Session, contract: ContractRow, document: str, before: str, content: bytes
    ) -> StoredFile:
        """Keep a further revision of a document, if ``before`` (SHA-256, hex) still is its newest.

        Raises:
            Refused: document-changed.
        """
