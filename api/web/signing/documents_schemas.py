"""Bodies and answers about documents, templates and what is placed on them."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.web.bodies import Body
from api.web.schemas import UUID_PATTERN
from signing.documents.controls import MAX_CONTROLS, MAX_PARTIES, Control, ControlKind, Rule
from signing.documents.overlay import Watermark
from signing.pades.geometry import Rectangle

Id = Annotated[str, Field(pattern=UUID_PATTERN)]
Length = Annotated[int, Field(ge=0, le=20_000_000, description="thousandths of a point")]
Bound = Annotated[str, Field(max_length=24, pattern=r"^$|^-?\d{1,15}(\.\d{1,6})?$|^\d{4}-\d{2}-\d{2}$")]
Values = dict[
    Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")], Annotated[str, Field(max_length=1_000)]
]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class PlaceBody(Body):
    """A place from the top-left corner of a page as it is seen, in thousandths of a point."""

    x: Length
    y: Length
    width: Length
    height: Length


class RuleBody(Body):
    """What may be entered at a control and how it looks; what is left out is usual."""

    label: str = Field(default="", max_length=100)
    default: str = Field(default="", max_length=1_000)
    max_length: int = Field(default=200, ge=1, le=1_000)
    minimum: Bound = ""
    maximum: Bound = ""
    decimals: int = Field(default=2, ge=0, le=6)
    grouped: bool = False
    style: Literal["iso", "chinese"] = "iso"
    options: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=50)
    align: Literal["left", "center", "right"] = "left"
    size: int = Field(default=10_500, ge=4_000, le=72_000)
    smallest: int = Field(default=6_000, ge=4_000, le=72_000)


class ControlBody(Body):
    """A control; ``party`` is the number of the contract's party it is for, from 1, or 0: whoever makes the contract."""

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")
    kind: Literal[
        "text", "number", "date", "choice", "checkbox", "party_name", "party_id", "signature", "seal"
    ]
    party: int = Field(default=0, ge=0, le=MAX_PARTIES)
    page: int = Field(ge=1, le=100_000)
    place: PlaceBody
    required: bool = True
    rule: RuleBody = RuleBody()

    def control(self) -> Control:
        """Give the control as the pipeline knows it."""
        place = Rectangle(self.place.x, self.place.y, self.place.width, self.place.height)
        rule = self.rule.model_dump() | {"options": tuple(self.rule.options)}
        return Control(
            self.name, ControlKind(self.kind), self.party, self.page, place, self.required, Rule(**rule)
        )


Controls = Annotated[list[ControlBody], Field(max_length=MAX_CONTROLS)]


class ControlsRequest(Body):
    """All controls of a document, in place of those it had."""

    controls: Controls


class ValuesRequest(Body):
    """All values of a document by the names of its controls, in place of those it had."""

    values: Values


class WatermarkRequest(Body):
    """Words across all pages: ``angle`` in degrees anticlockwise, ``opacity`` in percent, ``size`` in mpt."""

    text: str = Field(min_length=1, max_length=60)
    angle: int = Field(default=30, ge=-90, le=90)
    opacity: int = Field(default=15, ge=3, le=40)
    size: int = Field(default=24_000, ge=8_000, le=72_000)

    def mark(self) -> Watermark:
        """Give the watermark as the pipeline knows it."""
        return Watermark(self.text, self.angle, self.opacity, self.size)


class FileBody(Body):
    """A file in JSON: ``content`` in base64 (RFC 4648 §4)."""

    name: str = Field(min_length=1, max_length=255)
    media_type: str = Field(default="", max_length=128)
    content: str


class DocumentRequest(FileBody):
    """A document for a draft; ``attachment``: it is kept with the contract and not signed."""

    id: Id
    contract: Id
    attachment: bool = False


class TemplateRequest(FileBody):
    """A template: a document and its controls. ``business_type`` None: of none."""

    id: Id
    title: str = Field(min_length=1, max_length=200)
    business_type: Id | None = None
    controls: Controls = Field(default=[])


class VersionRequest(FileBody):
    """The next version of a template; ``version`` is its number."""

    version: int = Field(ge=2, le=1_000_000)
    title: str = Field(min_length=1, max_length=200)
    controls: Controls = Field(default=[])


class ArchiveRequest(Body):
    """Why a template is used no more."""

    reason: str = Field(default="", max_length=500)


class PageAnswer(BaseModel):
    """A page as it is seen: its size in thousandths of a point."""

    width: int
    height: int


class DocumentAnswer(BaseModel):
    """A document of a contract; digests are SHA-256. What is not there yet is absent."""

    document: str
    contract: str
    name: str
    media_type: str
    attachment: bool
    original_sha256: Digest
    current_sha256: Digest
    shown_sha256: Digest | None = None
    finalized_sha256: Digest | None = None
    newest_sha256: Digest | None = None
    pages: list[PageAnswer]
    controls: list[ControlBody]
    tool: str | None = None
    tool_version: str | None = None
    fonts_missing: list[str]


class DocumentsAnswer(BaseModel):
    """The documents of a contract in the order in which they came."""

    data: list[DocumentAnswer]


class TemplateAnswer(BaseModel):
    """A version of a template, and which one is the newest."""

    template: str
    title: str
    name: str
    business_type: str | None = None
    version: int
    newest: int
    archived: bool
    template_sha256: Digest
    pages: list[PageAnswer]
    controls: list[ControlBody]
    created_at: str


class TemplatesAnswer(BaseModel):
    """A page of templates, oldest first."""

    data: list[TemplateAnswer]
    has_more: bool
    next_cursor: int | None = None
