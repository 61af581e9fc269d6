"""Which chapter shows which events with all their fields: every event is shown by exactly one.

The more exact name wins: ``document.viewed`` belongs to intent, other events of documents to documents.
"""

from zheng_verifier.pdf.evidence_report.case import Case, Event

_SUBJECTS = {
    "documents": ("document.", "template.", "contract.", "notification."),
    "identity": ("identity.", "account.", "party.delegated", "contract.created"),
    "certificates": ("certificate.issued",),
    "custody_of_keys": ("certificate.",),
    "seals": ("seal.",),
    "intent": (
        "intent.", "consent.", "agreement.", "approval.", "party.rejected", "document.viewed", "document.read_confirmed",
    ),
    "signatures": ("party.signed", "signature."),
    "custody": ("",),
}  # fmt: skip


def subject_of(kind: str) -> str:
    """Tell the subject under which events of this kind (a type without its version) are shown."""
    found = [
        (prefix, name)
        for name, prefixes in _SUBJECTS.items()
        for prefix in prefixes
        if kind.startswith(prefix)
    ]
    return max(found, key=lambda item: len(item[0]))[1]


def events_about(case: Case, subject: str) -> tuple[Event, ...]:
    """Give the events shown under a subject; of an entry that is not shown there is nothing to show."""
    return tuple(
        event for event in case.events if event.entry is not None and subject_of(event.kind) == subject
    )
