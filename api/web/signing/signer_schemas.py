"""Bodies and answers of the signer's side (`/v1/signing/party/…`)."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.web.bodies import Body
from api.web.schemas import Time, Uuid
from api.web.signing.documents_schemas import Digest, PlaceBody
from signing.act.choices import BySeal, Choice
from signing.contracts.draft import PartyDraft
from signing.contracts.turns import Viewing
from signing.intent.terms import Place, Term, TermKind
from signing.seals.drawing.handwriting import PenPoint
from signing.seals.making import ByHand, Typed

Locale = Literal["zh-CN", "en"]
Method = Literal["otp_sms", "otp_email", "password", "face"]
Action = Literal["checkbox", "click", "scroll_and_click", "signature"]
Kind = Literal[
    "automatic_renewal",
    "liquidated_damages",
    "exclusion_of_liability",
    "dispute_resolution",
    "unilateral_change",
    "unilateral_termination",
    "deposit",
    "guarantee",
    "waiver_of_rights",
    "personal_information",
    "other",
]
Milliseconds = Annotated[int, Field(ge=0, le=86_400_000)]


class ViewedRequest(Body):
    """What was shown of a document: its bytes by SHA-256, and for how long."""

    document: Uuid
    document_sha256: Digest
    pages_total: int = Field(ge=1, le=100_000)
    pages_viewed: int = Field(ge=0, le=100_000)
    dwell_ms: Milliseconds
    scrolled_to_end: bool
    renderer: str = Field(default="", pattern=r"^$|^[a-z][a-z0-9._-]{0,31}$")
    renderer_version: str = Field(default="", pattern=r"^$|^[0-9]{1,8}(\.[0-9]{1,8}){0,3}$")

    def viewing(self) -> Viewing:
        """Give it as the pipeline knows it."""
        return Viewing(**self.model_dump())


class TermsRequest(Body):
    """The highlighted terms of a document, noted one by one: the ids of all of them."""

    document: Uuid
    terms: list[Uuid] = Field(min_length=1, max_length=1_000)
    locale: Locale = "zh-CN"
    action: Action = "click"


class PointBody(Body):
    """Where the pen was: x to the right, y downwards, in any unit; milliseconds since the first point; pressure 0–1000."""

    x: int = Field(ge=-100_000, le=100_000)
    y: int = Field(ge=-100_000, le=100_000)
    at_ms: int = Field(ge=0, le=600_000)
    pressure: int = Field(default=0, ge=0, le=1_000)


class SignatureRequest(Body):
    """What the party's signature shows: a seal by its id, strokes of a pen, or a typed name; exactly one of them."""

    seal: Uuid | None = None
    strokes: list[list[PointBody]] | None = Field(default=None, min_length=1, max_length=64)
    text: str | None = Field(default=None, min_length=1, max_length=40)

    def choice(self) -> Choice | None:
        """Give it as the pipeline knows it; None where it is not exactly one."""
        if sum(each is not None for each in (self.seal, self.strokes, self.text)) != 1:
            return None
        if self.seal is not None:
            return BySeal(self.seal)
        if self.text is not None:
            return Typed(self.text)
        return ByHand(
            tuple(tuple(PenPoint(p.x, p.y, p.at_ms, p.pressure) for p in each) for each in self.strokes or ())
        )


class ChallengeRequest(Body):
    """A challenge to be sent; the same ``id`` again sends nothing anew."""

    id: Uuid
    method: Method
    locale: Locale = "zh-CN"


class AnswerRequest(Body):
    """The answer: the code, the password, or nothing for a face; and by which act the statement was agreed to."""

    answer: str = Field(default="", max_length=256)
    action: Action = "click"


class RejectRequest(Body):
    """Why the party does not sign."""

    reason_code: Literal["content", "identity", "not_authorized", "not_involved", "other", "none_given"]
    reason: str = Field(default="", max_length=2_000)


class DelegateRequest(Body):
    """Who signs instead: somebody named with a telephone number or an address, or an account of the tenant."""

    name: str = Field(default="", max_length=200)
    kind: Literal["person", "organization"] = "person"
    account: Uuid | None = None
    phone: str = Field(default="", max_length=32)
    email: str = Field(default="", max_length=254)
    reason: str = Field(default="", max_length=2_000)
    authorization_sha256: Digest | None = None

    def draft(self) -> PartyDraft:
        """Give him as contracts know parties."""
        return PartyDraft(
            name=self.name, kind=self.kind, account=self.account, phone=self.phone, email=self.email
        )


class MarkBody(Body):
    """A term of weight that the sender marks."""

    kind: Kind
    page: int = Field(ge=1, le=100_000)
    place: PlaceBody

    def term(self) -> Term:
        """Give it as the pipeline knows it."""
        at = self.place
        return Term(TermKind(self.kind), Place(self.page, at.x, at.y, at.width, at.height), by_rule=False)


class MarksRequest(Body):
    """All terms that the sender marks in a document, in place of those marked before."""

    terms: list[MarkBody] = Field(max_length=256)


class TermAnswer(BaseModel):
    """A highlighted term; ``source``: the sender marked it, or a published list of keywords found it."""

    id: Uuid
    kind: Kind
    label_zh: str
    label_en: str
    source: Literal["marked", "keyword"]
    page: int
    place: PlaceBody


class TermsAnswer(BaseModel):
    """The terms marked in a document."""

    data: list[TermAnswer]


class SlotAnswer(BaseModel):
    """Where the party signs: ``sealed`` asks for a seal."""

    page: int
    place: PlaceBody
    sealed: bool


class OwnFieldAnswer(BaseModel):
    """A field that is the party's to fill in: what may be entered, and what it entered (``""``: nothing yet).

    Values are texts: a date ``2027-01-31``, a number ``4200.00``, a box ``true`` or ``false``.
    """

    name: str
    label: str
    kind: Literal["text", "number", "date", "choice", "checkbox"]
    required: bool
    page: int
    place: PlaceBody
    value: str
    max_length: int
    minimum: str
    maximum: str
    decimals: int
    options: list[str]


class SignerDocument(BaseModel):
    """A document as it is now, with what the party entered; ``unread_pages`` could not be searched for terms.

    ``unread_pages`` is absent while nobody searched. ``fields`` are the party's own to fill in.
    """

    document: Uuid
    sha256: Digest
    slot: SlotAnswer | None = None
    terms: list[TermAnswer]
    unread_pages: int | None = None
    shown: bool
    acknowledged: bool
    fields: list[OwnFieldAnswer]


class SignerParty(BaseModel):
    """A party as the others see it."""

    ref: Uuid
    name: str
    kind: str
    role: str
    state: str


class StatementAnswer(BaseModel):
    """A text as it is to be shown, word for word; events name it by its SHA-256."""

    locale: Locale
    text: str
    sha256: Digest


class SignatureAnswer(BaseModel):
    """What the party's signature will show."""

    kind: Literal["seal", "drawn", "typed"]
    seal: Uuid | None = None


class ActAnswer(BaseModel):
    """How the party's signing stands: confirmed (under way), signed, or failed for a reason (a code of problems)."""

    state: Literal["confirmed", "signed", "failed"]
    reason: str | None = None


class DemandsAnswer(BaseModel):
    """What the party has to show before it may sign: its identity verified at this level, one of these factors.

    ``level`` is the one at which it is verified now; ``factors`` empty: any of ``methods``.
    """

    identity_level: Literal["none", "low", "substantial", "high"]
    level: Literal["none", "low", "substantial", "high"]
    reached: bool
    factors: list[Method]


class SignerAnswer(BaseModel):
    """A contract as one of its parties has it."""

    contract: Uuid
    title: str
    state: str
    deadline: Time
    case: Uuid | None = None
    party: SignerParty
    turn: bool
    target: str
    parties: list[SignerParty]
    documents: list[SignerDocument]
    methods: list[Method]
    demands: DemandsAnswer
    signature: SignatureAnswer | None = None
    act: ActAnswer | None = None
    statements: list[StatementAnswer]
    notices: list[StatementAnswer]


class SealToUse(BaseModel):
    """A seal by its id, and the name that whoever keeps it gave it."""

    id: Uuid
    name: str


class SealsAnswer(BaseModel):
    """The seals that the party could use here."""

    data: list[SealToUse]


class ChallengeAnswer(BaseModel):
    """A challenge: what it is bound to (base64url), and until when it can be answered."""

    id: Uuid
    method: Method
    challenge: str
    state: Literal["sending", "open", "answered", "failed", "replaced"]
    expires_at: Time
