"""In-memory doubles of what contracts need of their neighbours, which keep the ports' promises; for tests.

Papers are texts: finalising one puts the case's id behind it, so that a changed document has another digest.
"""
# ruff: noqa: ARG002  # a double need not look at all that it is given

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session
from zheng_verifier.canonical import JsonObject

from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.ports import Known, Paper, Upload
from signing.dossier.model import Event
from signing.dossier.recorder import Recorder
from signing.errors import Refused
from signing.principal import Principal


@dataclass
class MemoryPapers:
    """Documents by contract; records document.uploaded and document.finalized as the real ones do."""

    recorder: Recorder
    uuid: Callable[[], str]
    kept: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def add(self, session: Session, by: Principal, contract: ContractRow, upload: Upload) -> None:
        """Take a document for a draft."""
        self._keep(session, contract, upload.content)

    def use_template(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        parties: tuple[PartyRow, ...],
        values: Mapping[str, str],
    ) -> None:
        """Make a draft's document of the values; a value `bad` is refused."""
        if "bad" in values.values():
            raise Refused("field-value", "This value does not fit.", "/values")
        self._keep(session, contract, repr(sorted(values.items())).encode())

    def _keep(self, session: Session, contract: ContractRow, content: bytes) -> None:
        document = self.uuid()
        self.kept[contract.id] = (document, content)
        data = _about(document, content) | {"terminal": "api"}
        self.recorder.record(
            session, contract.dossier, Event("document.uploaded/1", data, {"title": "paper.pdf"})
        )

    def standing(self, session: Session, contract: ContractRow) -> tuple[Paper, ...]:
        """Give the document as it stands."""
        if contract.id not in self.kept:
            return ()
        document, content = self.kept[contract.id]
        return (Paper(document, hashlib.sha256(content).hexdigest()),)

    def seen_by(self, session: Session, contract: ContractRow, party: PartyRow) -> tuple[Paper, ...]:
        """Give the document as it stands: nobody enters anything here."""
        del party
        return self.standing(session, contract)

    def finalize(
        self, session: Session, by: Principal, contract: ContractRow, parties: tuple[PartyRow, ...], case: str
    ) -> tuple[Paper, ...]:
        """Put the case behind the text."""
        document, content = self.kept[contract.id]
        self.kept[contract.id] = (document, content + case.encode())
        data = _about(document, content + case.encode()) | {"case_marked": True}
        self.recorder.record(session, contract.dossier, Event("document.finalized/1", data))
        return self.standing(session, contract)

    def change(self, contract: str, more: bytes) -> None:
        """Change the bytes of a contract's document, as a signature does."""
        document, content = self.kept[contract]
        self.kept[contract] = (document, content + more)


def _about(document: str, content: bytes) -> JsonObject:
    return {
        "document": document,
        "document_sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "media_type": "application/pdf",
        "pages": 1,
    }


@dataclass
class MemoryNotices:
    """Remembers whom it was asked to tell what: (contract, party, purpose)."""

    told: list[tuple[str, str, str]] = field(default_factory=list)
    parted: list[str] = field(default_factory=list)

    def notify(self, session: Session, contract: ContractRow, party: PartyRow, purpose: str) -> None:
        """Remember."""
        self.told.append((contract.id, party.ref, purpose))

    def part(self, session: Session, party: PartyRow) -> None:
        """Remember."""
        self.parted.append(party.ref)


class MemoryIdentities:
    """Nobody was verified."""

    def restate(self, session: Session, contract: ContractRow, party: PartyRow) -> str | None:
        """Say nothing."""
        return None

    def level(self, session: Session, contract: ContractRow, party: PartyRow) -> str:
        """Nobody was."""
        return "none"


@dataclass
class MemoryDirectory:
    """Accounts by (tenant, id), and what business types demand."""

    accounts: dict[tuple[str, str], Known] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)

    def known(self, session: Session, tenant: str, account: str) -> Known:
        """Look an account up."""
        if (tenant, account) not in self.accounts:
            raise Refused("account-unknown", "There is no such account.")
        return self.accounts[tenant, account]

    def admit(self, session: Session, by: Principal, business_type: str) -> None:
        """Let everybody pass."""

    def identity_level(self, session: Session, tenant: str, business_type: str) -> str:
        """Give what was said, or nothing."""
        return self.levels.get(business_type, "none")

    def may_approve(self, session: Session, tenant: str, account: str) -> bool:
        """Every account may."""
        return (tenant, account) in self.accounts
