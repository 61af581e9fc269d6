"""Forgetting a case: its keys are destroyed, every proof goes on, and the log is told what was erased.

The keys go first. What is said of it afterwards lies under a key of its own, which no later erasure of the case destroys.
A caller whose answer was lost asks again under the same id: nothing is left to destroy, and the statement is made then, or
is found to have been made.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from zheng_verifier.canonical import JsonObject
from zheng_verifier.entry import parse_entry

from api.issuance.attestation import own_event
from api.issuance.export.exporting import drop_files
from api.problems import ProblemError
from api.services import Services
from ledger.errors import UnknownEventError
from ledger.receipts import Receipt
from ledger.views import EventView

Basis = Literal["request", "consent_withdrawn", "retention_ended", "court_order", "purpose_fulfilled"]
_TYPE = "privacy.erased/1"
_LISTED = 256  # in one event
_EVENTS = 10_000


def erase_case(services: Services, tenant: str, case: str, event_id: str, basis: Basis) -> Receipt:
    """Destroy the keys of all entries, opened values and documents of a case, and deposit `privacy.erased`.

    A case of more events than one statement lists gets several; the receipt is of the first.

    Raises:
        LedgerError: as the log says.
        ProblemError: id-reused.

    """
    ledger = services.ledger
    try:
        made = ledger.receipt(tenant, event_id)
    except UnknownEventError:
        pass
    else:
        if made.case != case or (made.entry is not None and parse_entry(made.entry).claim.type != _TYPE):
            raise ProblemError("id-reused", field="/id")
        return made
    exported = _exported(services, tenant, case)
    ledger.erase_case(tenant, case)
    _forget(services, tenant, case)
    ids = _erased(services, tenant, case)
    parts = [ids[start : start + _LISTED] for start in range(0, len(ids), _LISTED)]
    deposits = [
        own_event(services, tenant, case, _id_of(event_id, place), _TYPE, _statement(part, basis, exported))
        for place, part in enumerate(parts)
    ]
    return ledger.deposit(deposits, internal=True).result()[0]


def erased_at(services: Services, tenant: str, case: str) -> datetime | None:
    """Give when a case was erased last; None if it never was.

    Raises:
        LedgerError: as the log says.

    """
    (opening,) = services.ledger.events(tenant, case, limit=1) or (None,)
    if opening is None or opening.entry is not None:
        return None
    entries = (parse_entry(each.entry) for each in _events(services, tenant, case) if each.entry is not None)
    said = [entry.received_at for entry in entries if entry.claim.type == _TYPE]
    return max(said, default=None)


def _forget(services: Services, tenant: str, case: str) -> None:
    """Forget what is kept beside the log: what the case is called, digests of its documents, packages and reports."""
    services.store.forget_case(case)
    services.documents.forget([each.index for each in services.ledger.reader.case_leaves(case)])
    for job in services.jobs.of_case(tenant, case, limit=_EVENTS):
        drop_files(services, job)


def _events(services: Services, tenant: str, case: str) -> Iterator[EventView]:
    after = 0
    while page := services.ledger.events(tenant, case, after=after, limit=_EVENTS):
        yield from page
        after = page[-1].seq


def _erased(services: Services, tenant: str, case: str) -> list[str]:
    """List the events of a case that do not open any more: all but the statements of erasures."""
    entries = (each.entry for each in _events(services, tenant, case))
    kept = {parse_entry(entry).claim.id for entry in entries if entry is not None}
    return [each for each in services.ledger.event_ids(tenant, case) if each not in kept]


def _id_of(event_id: str, place: int) -> str:
    """Give a statement's id: the caller's, and others made of it, the same at each try."""
    return event_id if place == 0 else str(uuid.uuid5(uuid.UUID(event_id), str(place)))


def _statement(ids: Sequence[str], basis: Basis, exported: bool) -> JsonObject:
    return {"erased": [{"event": each} for each in ids], "basis": basis, "exported_before": exported}


def _exported(services: Services, tenant: str, case: str) -> bool:
    """Tell whether values had left the service; where an erased entry hides it, they are taken to have left."""
    for event in services.ledger.events(tenant, case, limit=_EVENTS):
        if event.entry is None or parse_entry(event.entry).claim.type.startswith("evidence.exported/"):
            return True
    return False
