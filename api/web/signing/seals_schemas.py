"""The shapes of requests and answers about seals."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.web.bodies import Body
from api.web.schemas import Time, Uuid
from signing.seals.drawing.company import Outline, SealDesign
from signing.seals.drawing.handwriting import PenPoint
from signing.seals.drawing.personal import NameSeal
from signing.seals.drawing.shapes import Color
from signing.seals.making import ByHand, ByTemplate, Making, Typed
from signing.seals.typefaces import Font

ColorName = Literal["red", "blue", "black"]
FontName = Literal["song", "hei"]
SealType = Literal["official", "contract", "finance", "hr", "invoice", "legal_person", "personal", "other"]
Shape = Literal["circle", "ellipse", "square", "rectangle"]
Kinds = Literal["labour", "lease", "sale", "service", "loan", "nda", "other"]
Micrometres = Annotated[int, Field(ge=1_000, le=200_000)]
Reason = Annotated[str, Field(max_length=2_000)]


class CompanySeal(Body):
    """A round or elliptical seal: the name along the upper arc, up to two lines, a number along the lower arc."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "company",
                    "outline": "circle",
                    "width_um": 40000,
                    "height_um": 40000,
                    "upper_text": "杭州青禾科技有限公司",
                    "lines": ["合同专用章"],
                    "lower_text": "3301060123456",
                    "star": True,
                }
            ]
        }
    )

    kind: Literal["company"]
    outline: Literal["circle", "ellipse"]
    width_um: Micrometres
    height_um: Micrometres
    upper_text: str = Field(min_length=1, max_length=50)
    lines: list[str] = Field(default=[], max_length=2)
    lower_text: str = Field(default="", max_length=20)
    star: bool = False
    color: ColorName = "red"
    font: FontName = "song"

    def making(self) -> Making:
        """Give what is to be drawn."""
        design = SealDesign(
            Outline(self.outline),
            self.width_um,
            self.height_um,
            self.upper_text,
            tuple(self.lines),
            self.lower_text,
            self.star,
            Color(self.color),
        )
        return ByTemplate(design, Font(self.font))


class PersonSeal(Body):
    """A square or rectangular name seal."""

    kind: Literal["name"]
    text: str = Field(min_length=1, max_length=16)
    width_um: Micrometres = 20_000
    height_um: Micrometres = 20_000
    frame: bool = True
    color: ColorName = "red"
    font: FontName = "song"

    def making(self) -> Making:
        """Give what is to be drawn."""
        design = NameSeal(self.text, self.width_um, self.height_um, self.frame, Color(self.color))
        return ByTemplate(design, Font(self.font))


class TypedName(Body):
    """A typed name as a signature."""

    kind: Literal["typed"]
    text: str = Field(min_length=1, max_length=60)
    color: ColorName = "black"
    font: FontName = "song"

    def making(self) -> Making:
        """Give what is to be drawn."""
        return Typed(self.text, Color(self.color), Font(self.font))


class Handwriting(Body):
    """A drawn signature: strokes of points [x, y, milliseconds, pressure 0–1000], y downwards."""

    kind: Literal["handwritten"]
    strokes: list[list[Annotated[list[int], Field(min_length=4, max_length=4)]]] = Field(max_length=64)
    color: ColorName = "black"

    def making(self) -> Making:
        """Give what is to be drawn."""
        return ByHand(
            tuple(tuple(PenPoint(*point) for point in stroke) for stroke in self.strokes), Color(self.color)
        )


Design = Annotated[CompanySeal | PersonSeal | TypedName | Handwriting, Field(discriminator="kind")]


class SealRenderRequest(Body):
    """Draw a seal without keeping it."""

    design: Design


class SealRequest(Body):
    """Create a seal. ``holder``: the account it belongs to; absent: the organisation itself."""

    id: Uuid
    name: str = Field(min_length=1, max_length=100)
    seal_type: SealType
    design: Design
    holder: Uuid | None = None
    filing_number: str = Field(default="", max_length=32)
    approve_uses: bool = False


class SealUploadRequest(Body):
    """Create a seal from a picture: the part `request` of a form, beside the file `picture` (PNG or JPEG)."""

    id: Uuid
    name: str = Field(min_length=1, max_length=100)
    seal_type: SealType
    shape: Shape
    width_um: Micrometres
    inscription: str = Field(max_length=200)
    transparent: bool = True
    holder: Uuid | None = None
    filing_number: str = Field(default="", max_length=32)
    approve_uses: bool = False


class SealDecision(Body):
    """Say yes or no; a no has a reason."""

    approve: bool
    reason: Reason = ""


class SealEnabling(Body):
    """Put a seal in force."""

    reason: Reason = ""


class SealDisabling(Body):
    """Take a seal out of force for a time."""

    reason_code: Literal["lost", "misuse", "replaced", "holder_left", "name_changed", "other"]
    reason: Reason = ""


class SealDestroying(Body):
    """End a seal for good."""

    reason_code: Literal["lost", "misuse", "replaced", "dissolved", "name_changed", "other"]
    reason: Reason = ""


class SealGrantRequest(Body):
    """Let an account use a seal: for everything, for kinds of contracts, or for one contract; for a time."""

    id: Uuid
    grantee: Uuid
    scope: Literal["single_contract", "document_kinds", "all"]
    valid_from: Time
    valid_to: Time
    kinds: list[Kinds] = Field(default=[], max_length=7)
    contract: Uuid | None = None
    max_uses: int | None = Field(default=None, ge=1, le=1_000_000)


class SealGrantEnd(Body):
    """Take a grant back."""

    reason_code: Literal["no_longer_needed", "misuse", "holder_left", "other"]
    reason: Reason = ""


class SealView(BaseModel):
    """A seal; ``image`` is the SHA-256 of the picture's bytes."""

    id: str
    name: str
    seal_type: str
    method: str
    shape: str
    width_um: int
    height_um: int
    inscription: str
    filing_number: str
    image: str
    media_type: str
    holder: str | None = None
    approve_uses: bool
    state: str
    created_event: str
    created_at: str
    updated_at: str


class SealsView(BaseModel):
    """A page of seals."""

    data: list[SealView]
    has_more: bool
    next_cursor: str | None = None


class SealGrantView(BaseModel):
    """A grant; ``event`` is the seal.granted event in the seal's own case."""

    id: str
    seal: str
    grantee: str
    scope: str
    kinds: list[str]
    contract: str | None = None
    valid_from: str
    valid_to: str
    max_uses: int | None = None
    uses: int
    event: str
    created_at: str
    revoked_at: str | None = None


class SealGrantsView(BaseModel):
    """All grants of a seal."""

    data: list[SealGrantView]


class SealUseView(BaseModel):
    """A recorded use; ``event`` is the seal.used event in the contract's case."""

    event: str
    contract: str
    party: str
    document: str
    account: str | None = None
    grant: str | None = None
    used_at: str


class SealUsesView(BaseModel):
    """A page of uses."""

    data: list[SealUseView]
    has_more: bool
    next_cursor: str | None = None


class SealUseRequestView(BaseModel):
    """A use that was asked for."""

    id: str
    seal: str
    contract: str
    document_sha256: str
    requester: str
    requested_at: str
    approved: bool | None = None
    decided_at: str | None = None


class SealUseRequestsView(BaseModel):
    """All requests for a seal."""

    data: list[SealUseRequestView]
