"""The documents of contracts: taken in, filled in, marked, fixed, and grown by signatures.

Implements what contracts and acts of signing ask of documents (``contracts.ports.Papers``, ``act.ports.Revisions``).
"""

from typing import Literal

from sqlmodel import Session

from signing.context import Context
from signing.contracts.states import ContractState
from signing.documents.drafts import Drafts, PreparedUpload
from signing.documents.inspection import Inspector
from signing.documents.models import DocumentRow
from signing.documents.revisions import Revisions
from signing.documents.shelf import PDF
from signing.documents.templates import Templates
from signing.errors import Refused
from signing.principal import Principal

__all__ = ["Documents", "PreparedUpload", "Version"]
Version = Literal["original", "current", "shown", "finalized", "newest"]


class Documents(Drafts, Revisions):
    """All that is done with the documents of contracts."""

    def __init__(self, context: Context, inspector: Inspector, templates: Templates) -> None:
        Drafts.__init__(self, context, inspector, templates)
        Revisions.__init__(self, context)

    def listing(self, session: Session, by: Principal, contract: str) -> tuple[DocumentRow, ...]:
        """Give the documents of a contract to whoever prepares it.

        Raises:
            Refused: permission-missing, contract-unknown.

        """
        return self._shelf.documents(session, self._shelf.contract(session, by, contract, reading=True))

    def one(self, session: Session, by: Principal, document: str) -> DocumentRow:
        """Give a document to whoever prepares its contract.

        Raises:
            Refused: permission-missing, document-unknown.

        """
        return self._shelf.found(session, by, document, reading=True)[1]

    def entered(self, session: Session, by: Principal, document: str) -> dict[str, str]:
        """Give the values that stand in a document, to whoever prepares its contract.

        Raises:
            Refused: permission-missing, document-unknown.

        """
        return dict(
            self._shelf.entered(session, *self._shelf.found(session, by, document, reading=True)).values
        )

    def name(self, session: Session, row: DocumentRow) -> str:
        """Give a document's file name."""
        return self._context.custody.open(session, row.contract, row.name).decode()

    def content(self, session: Session, by: Principal, document: str, version: Version) -> tuple[bytes, str]:
        """Give a version of a document and its media type, to whoever prepares the contract; the access is logged.

        Raises:
            Refused: permission-missing, document-unknown; document-unfinished: there is no such
                version yet.

        """
        held, row = self._shelf.found(session, by, document, reading=True)
        sha256: str | None = getattr(row, version)
        if sha256 is None:
            raise Refused("document-unfinished", "The document has no such version yet.")
        content = self._shelf.get(
            session, held, sha256, by, "view" if held.state == ContractState.DRAFT else "download"
        )
        return content, row.media_type if version == "original" else PDF
