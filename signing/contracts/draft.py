"""What a contract is made from, and what is wrong with it (pure)."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from zheng_verifier.canonical import JsonObject, format_json
from zheng_verifier.encoding import format_time

from signing.contracts.demands import FREE, Demand
from signing.contracts.order import PartyRole, Seat, check_seats
from signing.contracts.ports import Upload
from signing.errors import Refused
from signing.lines import is_line

Channel = Literal["sms", "email", "portal"]
SubjectKind = Literal["person", "organization"]
Scene = Literal[
    "hr",
    "house_renting",
    "leasing",
    "supply_chain",
    "travel",
    "education",
    "insurance",
    "sale",
    "service",
    "loan",
    "nda",
    "other",
]
SCENES: tuple[Scene, ...] = get_args(Scene)
MAX_PARTIES = 64
MAX_APPROVERS = 16
LONGEST = timedelta(days=366)
DEFAULT_DEADLINE = timedelta(days=30)
_NUMBER = re.compile(r"[!-~]{1,128}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9]{5,20}", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>(),;:\"\\]{1,64}@[^@\s.<>(),;:\"\\][^@\s<>(),;:\"\\]{0,188}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """A party as it is named: by an account of the tenant, or ad hoc by name and address.

    ``phone`` and ``email`` are where links go; the first given counts. ``group`` is its place in the order, from 1.
    ``demand`` is what it has to show before it may sign.
    """

    kind: SubjectKind = "person"
    role: PartyRole = PartyRole.SIGNATORY
    group: int = 1
    required: bool = True
    account: str | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    demand: Demand = FREE

    @property
    def channel(self) -> Channel:
        """By which way the party is told."""
        return "sms" if self.phone else "email" if self.email else "portal"

    @property
    def target(self) -> str:
        """The address on that way; "" for the portal, where the account finds it."""
        return self.phone or self.email


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract as it is asked for: from ``uploads``, or from ``template`` with ``values``, or to be given documents later.

    ``id`` is the client's own and becomes the contract's. ``approvers`` are accounts inside the organisation;
    ``remind_ahead`` and ``remind_every`` are seconds; ``replaces`` names a rejected contract.
    """

    id: str
    title: str
    parties: tuple[PartyDraft, ...]
    uploads: tuple[Upload, ...] = ()
    template: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    app: str = "default"
    business_number: str | None = None
    business_type: str | None = None
    scene: str = "other"
    deadline: datetime | None = None
    approvers: tuple[str, ...] = ()
    remind_ahead: int | None = None
    remind_every: int | None = None
    replaces: str | None = None

    def with_uploads(self, uploads: tuple[Upload, ...]) -> "Draft":
        """Give the draft with its uploads looked at; what was asked for stays the same."""
        return replace(self, uploads=uploads)

    def fingerprint(self) -> str:
        """Give a digest of all that was asked for but ``id``: the same content is the same contract."""
        body: JsonObject = {
            "app": self.app,
            "title": self.title,
            "parties": [
                {
                    "kind": each.kind,
                    "role": str(each.role),
                    "group": each.group,
                    "required": each.required,
                    "account": each.account or "",
                    "name": each.name,
                    "phone": each.phone,
                    "email": each.email,
                    "identity_level": each.demand.identity,
                    "factors": " ".join(sorted(each.demand.factors)),
                }
                for each in self.parties
            ],
            "uploads": [
                [each.name, each.media_type, hashlib.sha256(each.content).hexdigest()]
                for each in self.uploads
            ],
            "template": self.template or "",
            "values": [[name, value] for name, value in sorted(self.values.items())],
            "business_number": self.business_number or "",
            "business_type": self.business_type or "",
            "scene": self.scene,
            "deadline": format_time(self.deadline) if self.deadline is not None else "",
            "approvers": list(self.approvers),
            "remind": [self.remind_ahead or 0, self.remind_every or 0],
            "replaces": self.replaces or "",
        }
        return hashlib.sha256(format_json(body)).hexdigest()


def seat_of(party: PartyDraft, ref: str) -> Seat:
    """Give the seat a party takes; copy recipients sit outside the order and are never required."""
    copy = party.role is PartyRole.COPY
    return Seat(ref, party.role, 1 if copy else party.group, required=party.required and not copy)


def check_draft(draft: Draft, now: datetime) -> None:
    """Refuse what could never be sent.

    Raises:
        Refused: field-value, parties-invalid, deadline-invalid.
    """
    if not draft.title.strip() or len(draft.title) > 500 or not is_line(draft.title):
        raise Refused("field-value", "A title has 1 to 500 characters, in one line.", "/title")
    if draft.scene not in SCENES:
        raise Refused("field-value", "This line of business is not known.", "/scene", ", ".join(SCENES))
    if draft.business_number is not None and not _NUMBER.fullmatch(draft.business_number):
        raise Refused("field-value", "", "/business_number", "1 to 128 printable ASCII characters, no space")
    if draft.uploads and draft.template is not None:
        raise Refused("field-value", "A contract is made from files or from a template.", "/template")
    _check_parties(draft)
    if len(set(draft.approvers)) != len(draft.approvers) or len(draft.approvers) > MAX_APPROVERS:
        raise Refused("field-value", "", "/approvers", f"at most {MAX_APPROVERS}, each once")
    for name, seconds in (("remind_ahead", draft.remind_ahead), ("remind_every", draft.remind_every)):
        if seconds is not None and not 60 <= seconds <= LONGEST.total_seconds():
            raise Refused("field-value", "", f"/{name}", "60 seconds to 366 days")
    check_deadline(draft.deadline or now + DEFAULT_DEADLINE, now)


def check_deadline(deadline: datetime, now: datetime) -> None:
    """Refuse a deadline that has passed or lies more than 366 days ahead.

    Raises:
        Refused: deadline-invalid.
    """
    if not now < deadline <= now + LONGEST:
        raise Refused(
            "deadline-invalid", "The deadline is not ahead.", "/deadline", "a time within the next 366 days"
        )


def check_party(party: PartyDraft, where: str) -> None:
    """Refuse a party that is nobody or cannot be reached; ``where`` is its JSON Pointer.

    Raises:
        Refused: parties-invalid.
    """
    if party.account is None and (not party.name.strip() or len(party.name) > 200 or not is_line(party.name)):
        raise Refused("parties-invalid", "A party without account has a name, in one line.", f"{where}/name")
    if party.account is None and not party.target:
        raise Refused("parties-invalid", "A party without account has an address.", f"{where}/phone")
    if party.phone and not _PHONE.fullmatch(party.phone):
        raise Refused("parties-invalid", "This is no phone number.", f"{where}/phone")
    if party.email and not _EMAIL.fullmatch(party.email):
        raise Refused("parties-invalid", "This is no e-mail address.", f"{where}/email")


def _check_parties(draft: Draft) -> None:
    if not 1 <= len(draft.parties) <= MAX_PARTIES:
        raise Refused("parties-invalid", "", "/parties", f"1 to {MAX_PARTIES} parties")
    for place, party in enumerate(draft.parties):
        check_party(party, f"/parties/{place}")
    check_seats([seat_of(party, str(place)) for place, party in enumerate(draft.parties)])
