"""The shapes of requests and answers about contracts and batches."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.web.bodies import Body
from api.web.schemas import DIGEST_PATTERN, Answer, Time, Uuid
from api.web.signing.documents_schemas import FileBody, Values
from signing.assurance import NOTHING
from signing.contracts.batch.rows import MAX_ROWS, Person, Row
from signing.contracts.demands import Demand
from signing.contracts.draft import MAX_APPROVERS, MAX_PARTIES, PartyDraft, Scene
from signing.contracts.order import MAX_GROUP, PartyRole

Role = Literal["signatory", "guarantor", "witness", "approver", "copy"]
App = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
BusinessNumber = Annotated[str, Field(pattern=r"^[!-~]{1,128}$")]
Reason = Annotated[str, Field(max_length=2000)]
Seconds = Annotated[int, Field(ge=60, le=366 * 86_400)]
IdentityLevel = Literal["low", "substantial", "high"]
Factor = Literal["otp_sms", "otp_email", "password", "face"]
Factors = Annotated[list[Factor], Field(max_length=4)]
_EXAMPLE = "0b9e4a52-0e2f-4d7e-8a0b-6f5d2c1e9f33"


class PersonBody(Body):
    """Who somebody is: an account of the tenant, or a name and an address (phone, else e-mail)."""

    account: Uuid | None = None
    name: str | None = Field(default=None, min_length=1, max_length=200)
    phone: str | None = Field(default=None, max_length=21)
    email: str | None = Field(default=None, max_length=254)

    def person(self) -> Person:
        """Give it as batches take it."""
        return Person(self.account or "", self.name or "", self.phone or "", self.email or "")


class SeatBody(Body):
    """A place in the order: who has the same ``group`` acts at the same time, group after group from 1.

    ``identity_level``: before it signs, the party's identity is checked at least so; absent: nothing is demanded.
    ``factors``: by one of these it confirms; none named: by any that works.
    """

    kind: Literal["person", "organization"] = "person"
    role: Role = "signatory"
    group: int = Field(default=1, ge=1, le=MAX_GROUP)
    required: bool | None = None
    identity_level: IdentityLevel | None = None
    factors: Factors = Field(default=[])

    def seat(self) -> PartyDraft:
        """Give the place without anybody in it; a copy recipient is never required, everybody else is unless said."""
        required = self.role != "copy" if self.required is None else self.required
        demand = Demand(self.identity_level or NOTHING, tuple(self.factors))
        return PartyDraft(self.kind, PartyRole(self.role), self.group, required, demand=demand)


class PartyBody(SeatBody, PersonBody):
    """A party of a contract."""

    def party(self) -> PartyDraft:
        """Give it as drafts take it."""
        seat, person = self.seat(), self.person()
        return PartyDraft(
            seat.kind,
            seat.role,
            seat.group,
            seat.required,
            person.account or None,
            person.name,
            person.phone,
            person.email,
            seat.demand,
        )


class ContractRequest(Body):
    """Draft a contract: from ``template`` with ``values``, or to be given documents.

    (app, business_number) names exactly one contract: the same content again gives the same contract, other content is
    refused. The parties cannot be changed afterwards.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _EXAMPLE,
                    "title": "房屋租赁合同",
                    "business_number": "HT-2026-0042",
                    "scene": "house_renting",
                    "parties": [
                        {"name": "张三", "phone": "+8619900000001"},
                        {"name": "李四", "phone": "+8619900000002", "group": 2},
                    ],
                }
            ]
        }
    )

    id: Uuid
    title: str = Field(min_length=1, max_length=500)
    parties: list[PartyBody] = Field(min_length=1, max_length=MAX_PARTIES)
    template: Uuid | None = None
    values: Values = Field(default={})
    app: App | None = None
    business_number: BusinessNumber | None = None
    business_type: Uuid | None = None
    scene: Scene = "other"
    deadline: Time | None = None
    approvers: list[Uuid] = Field(default=[], max_length=MAX_APPROVERS)
    remind_ahead: Seconds | None = None
    remind_every: Seconds | None = None
    replaces: Uuid | None = None


class ContractFileRequest(ContractRequest, FileBody):
    """Draft a contract with its document in one step."""


class DemandBody(Body):
    """What is demanded of a party of a draft, in place of what was; absent: nothing but what the business type demands."""

    party: Uuid
    identity_level: IdentityLevel | None = None
    factors: Factors = Field(default=[])


class ContractChange(Body):
    """Change a draft; ``revision`` is the one that was looked at."""

    deadline: Time | None = None
    approvers: list[Uuid] | None = Field(default=None, max_length=MAX_APPROVERS)
    demands: list[DemandBody] = Field(default=[], max_length=MAX_PARTIES)
    revision: int | None = Field(default=None, ge=1, lt=2**53)


class ContractDecisionRequest(Body):
    """Approve a contract inside the organisation, or refuse."""

    approved: bool
    reason: Reason = ""


class ReasonRequest(Body):
    """Withdraw a contract (撤回), or ask for agreement on its being void."""

    reason: Reason = ""


class VoidRequest(Body):
    """Declare a contract void (作废); ``order_sha256`` is the digest of the court's order."""

    basis: Literal["sender", "court_order", "error"]
    reason: Reason = ""
    order_sha256: str | None = Field(default=None, pattern=DIGEST_PATTERN)


class ContractRejectRequest(Body):
    """Refuse to sign (拒签). A program names the party."""

    party: Uuid | None = None
    code: Literal["content", "identity", "not_authorized", "not_involved", "other", "none_given"] = (
        "none_given"
    )
    reason: Reason = ""


class ExtendRequest(Body):
    """Move the deadline to a later time."""

    deadline: Time
    reason: Reason = ""


class ContractDelegateRequest(Body):
    """Hand a turn on to somebody else; ``authorization_sha256`` is the digest of a letter of authority."""

    party: Uuid | None = None
    to: PersonBody
    kind: Literal["person", "organization"] = "person"
    reason: Reason = ""
    authorization_sha256: str | None = Field(default=None, pattern=DIGEST_PATTERN)


class BatchRowBody(Body):
    """One contract of a batch: its number, the people in the order of the batch's parties, values of the template."""

    business_number: BusinessNumber
    people: list[PersonBody] = Field(max_length=MAX_PARTIES)
    title: str = Field(default="", max_length=500)
    values: Values = Field(default={})

    def row(self) -> Row:
        """Give it as batches take it."""
        return Row(
            self.business_number, tuple(each.person() for each in self.people), self.title, self.values
        )


class ContractBatchRequest(Body):
    """Start many contracts from one template. Without ``rows`` they are sent as CSV to ``…/{id}/rows``.

    ``send``: each is sent as soon as it is made; else they stay drafts.
    """

    id: Uuid
    template: Uuid
    title: str = Field(min_length=1, max_length=500)
    parties: list[SeatBody] = Field(min_length=1, max_length=MAX_PARTIES)
    rows: list[BatchRowBody] | None = Field(default=None, max_length=MAX_ROWS)
    app: App | None = None
    business_type: Uuid | None = None
    scene: Scene = "other"
    deadline: Time | None = None
    remind_ahead: Seconds | None = None
    remind_every: Seconds | None = None
    send: bool = True


class ContractSummary(Answer):
    """A contract in a list; ``standing`` is how it stands for the caller (S4-21)."""

    id: Uuid
    app: str
    title: str
    state: str
    standing: str
    standing_title: str
    revision: int
    deadline: Time
    created_at: Time
    business_number: str | None = None
    sent_at: Time | None = None
    ended_at: Time | None = None


class ContractParty(Answer):
    """A party; ``turn``: it is waited for. ``identified``: a verification stands in the case, else none was told.

    ``identity_level`` and ``factors`` are what the sender or the business type demands of it.
    """

    party: Uuid
    name: str
    kind: str
    role: str
    group: int
    required: bool
    state: str
    turn: bool
    channel: str
    identified: bool
    identity_level: IdentityLevel | None = None
    factors: list[Factor]


class ContractStep(Answer):
    """A step that was taken; ``events`` are the ids of its events in the case."""

    step: str
    who: str
    state: str
    at: Time
    events: list[str]


class ContractDetails(ContractSummary):
    """A contract with its parties and its history. ``deposit`` tells what of it the evidence service has not got yet."""

    scene: str
    documents: list[dict[str, str]]
    parties: list[ContractParty]
    history: list[ContractStep]


class ContractPage(Answer):
    """A page of contracts, newest first."""

    data: list[ContractSummary]
    has_more: bool
    next_cursor: str | None = None


class BatchProgress(Answer):
    """How far a batch is: rows in all, and how many are waiting, made (drafts), sent, failed."""

    id: Uuid
    total: int
    waiting: int
    made: int
    sent: int
    failed: int
    created_at: Time
    started_at: Time | None = None
    ended_at: Time | None = None


class BatchPage(Answer):
    """A page of batches, newest first."""

    data: list[BatchProgress]
    has_more: bool
    next_cursor: str | None = None


class BatchItem(Answer):
    """One row of a batch: its contract, or why there is none."""

    row: int
    state: str
    contract: Uuid | None = None
    code: str | None = None
    detail: str | None = None
    field: str | None = None


class BatchItems(Answer):
    """A page of rows."""

    data: list[BatchItem]
    has_more: bool
    next_cursor: str | None = None
