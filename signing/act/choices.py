"""What stands in the place of a party's signature: a seal it may use, a drawing by hand, a typed name."""

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from signing.act.models import ChoiceRow
from signing.act.ports import Slot
from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.errors import Refused
from signing.people.tables import AccountRow
from signing.principal import Principal
from signing.seals.drawing.handwriting import PenPoint
from signing.seals.grants import Subject
from signing.seals.making import ByHand, Made, Typed, make
from signing.seals.use import SealUse
from signing.seals.uses import Uses

SEAL, DRAWN, TYPED = "seal", "drawn", "typed"


@dataclass(frozen=True, slots=True)
class BySeal:
    """A seal by its id."""

    seal: str


Choice = BySeal | ByHand | Typed


class Choices:
    """Choices as rows. Everything happens in the caller's transaction."""

    def __init__(self, context: Context, uses: Uses) -> None:
        self._context = context
        self._uses = uses

    def choose(
        self, session: Session, by: Principal, contract: ContractRow, party: PartyRow, choice: Choice
    ) -> None:
        """Keep a choice in place of the one before; a seal must be one that the caller may use now.

        Raises:
            Refused: what is wrong with the drawing, or why the seal may not be used.
        """
        if isinstance(choice, BySeal):
            self._usable(session, by, contract, party, choice.seal)
        else:
            make(choice)
        kind, making = _kept(choice)
        sealed = self._context.custody.seal(session, contract.id, json.dumps(making).encode())
        session.merge(
            ChoiceRow(
                party=party.ref,
                tenant=contract.tenant,
                contract=contract.id,
                kind=kind,
                seal=choice.seal if isinstance(choice, BySeal) else None,
                making=sealed,
                chosen_at=self._context.clock(),
            )
        )
        session.flush()

    def chosen(self, session: Session, party: PartyRow) -> tuple[str, str | None] | None:
        """Give the kind of a party's choice, and its seal if it is one; None: nothing was chosen."""
        row = session.get(ChoiceRow, party.ref)
        return None if row is None else (row.kind, row.seal)

    def require(self, session: Session, party: PartyRow, slots: tuple[Slot, ...]) -> None:
        """Let pass a party that chose what each of its places asks for.

        Raises:
            Refused: signature-place-missing, signature-not-chosen, seal-needed.
        """
        if not slots:
            raise Refused("signature-place-missing", "The document has no place for this party's signature.")
        row = session.get(ChoiceRow, party.ref)
        if row is None:
            raise Refused("signature-not-chosen", "First choose a seal, or draw or type a signature.")
        if row.kind != SEAL and any(slot.sealed for slot in slots):
            raise Refused("seal-needed", "The document asks for a seal of this party.", expected="seal")

    def use(self, session: Session, by: Principal, contract: ContractRow, party: PartyRow) -> SealUse:
        """Give what was chosen as it may be used now, by whoever confirmed.

        Raises:
            Refused: signature-not-chosen, or why a seal may not be used.
        """
        row = session.get(ChoiceRow, party.ref)
        if row is None:
            raise Refused("signature-not-chosen", "First choose a seal, or draw or type a signature.")
        if row.seal is not None:
            return self._usable(session, by, contract, party, row.seal)
        return self._uses.signature(session, by, subject_of(contract), self._making(session, contract, row))

    def seals(
        self, session: Session, by: Principal, contract: ContractRow, party: PartyRow
    ) -> tuple[str, ...]:
        """List the seals that could be used here now; none for whoever has no account."""
        found = dict.fromkeys(
            seal
            for each in _sealers(session, by, party)
            if each.account is not None
            for seal in self._uses.choices(session, each, subject_of(contract))
        )
        return tuple(found)

    def _usable(
        self, session: Session, by: Principal, contract: ContractRow, party: PartyRow, seal: str
    ) -> SealUse:
        *agents, last = _sealers(session, by, party)
        for agent in agents:
            try:
                return self._uses.usable(session, agent, seal, subject_of(contract))
            except Refused as refused:
                if refused.code != "seal-not-granted":
                    raise
        return self._uses.usable(session, last, seal, subject_of(contract))

    def preview(self, session: Session, contract: ContractRow, party: PartyRow) -> Made | None:
        """Give the picture of a drawn or typed signature; None where there is none, or a seal."""
        row = session.get(ChoiceRow, party.ref)
        return None if row is None or row.seal is not None else make(self._making(session, contract, row))

    def _making(self, session: Session, contract: ContractRow, row: ChoiceRow) -> ByHand | Typed:
        kept: dict[str, Any] = json.loads(self._context.custody.open(session, contract.id, row.making))
        if row.kind == TYPED:
            return Typed(kept["text"])
        return ByHand(tuple(tuple(PenPoint(*point) for point in stroke) for stroke in kept["strokes"]))


def _sealers(session: Session, by: Principal, party: PartyRow) -> tuple[Principal, ...]:
    """Give as whom seals are used: for a company the person who acts for it, to whom seals are granted, then itself."""
    if party.kind != "organization" or party.account is None:
        return (by,)
    company = session.get(AccountRow, party.account)
    agent = None if company is None else company.agent
    return (by,) if agent is None else (replace(by, account=agent), by)


def _kept(choice: Choice) -> tuple[str, dict[str, Any]]:
    match choice:
        case BySeal():
            return SEAL, {}
        case ByHand(strokes):
            return DRAWN, {"strokes": [[[p.x, p.y, p.at_ms, p.pressure] for p in each] for each in strokes]}
        case Typed(text):
            return TYPED, {"text": text}


def subject_of(contract: ContractRow) -> Subject:
    """Name a contract as seals know it."""
    return Subject(contract.id, contract.scene, contract.dossier)
