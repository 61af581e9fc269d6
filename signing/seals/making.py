"""How the picture of a seal comes about: by template, by upload, by hand; each ends as the same kind of thing."""

from dataclasses import dataclass

from zheng_verifier.timestamp.algorithms import digest

from signing.seals.drawing import company, personal
from signing.seals.drawing.company import SealDesign
from signing.seals.drawing.handwriting import PenStroke, draw_handwriting
from signing.seals.drawing.output import pdf, svg
from signing.seals.drawing.personal import NameSeal
from signing.seals.drawing.shapes import Color, Drawing
from signing.seals.pictures import read_picture
from signing.seals.typefaces import Font, typeface

SVG, PNG, PDF = "image/svg+xml", "image/png", "application/pdf"


@dataclass(frozen=True, slots=True)
class ByTemplate:
    """An organisation's seal or a name seal, drawn by us."""

    design: SealDesign | NameSeal
    font: Font = Font.SONG


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed name."""

    text: str
    color: Color = Color.BLACK
    font: Font = Font.SONG


@dataclass(frozen=True, slots=True)
class ByHand:
    """A signature drawn with pen, finger or mouse."""

    strokes: tuple[PenStroke, ...]
    color: Color = Color.BLACK


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture of a seal, PNG or JPEG; ``inscription`` is what it shows, as its uploader reads it."""

    content: bytes
    width_um: int
    shape: str
    inscription: str
    transparent: bool = True


Making = ByTemplate | Typed | ByHand | Upload


@dataclass(frozen=True, slots=True)
class Made:
    """A picture: ``image`` is what its digest is of, ``page`` the same as a PDF page for signatures.

    ``shape`` and ``method`` are words of the taxonomy.
    """

    method: str
    shape: str
    width_um: int
    height_um: int
    inscription: str
    image: bytes
    media_type: str
    page: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the image's bytes, in hex."""
        return digest("sha256", self.image).hex()


def make(making: Making) -> Made:
    """Make the picture.

    Raises Refused: as the drawings and ``read_picture`` do.
    """
    match making:
        case ByTemplate():
            return _by_template(making)
        case Typed(text, color, font):
            return _drawn(personal.draw_typed(text, color, typeface(font)), "template", "rectangle", text)
        case ByHand(strokes, color):
            return _drawn(draw_handwriting(strokes, color), "handwritten", "rectangle", "")
        case _:
            picture = read_picture(making.content, width_um=making.width_um, transparent=making.transparent)
            size = picture.width_um, picture.height_um
            return Made("upload", making.shape, *size, making.inscription, picture.png, PNG, picture.pdf)


def _by_template(making: ByTemplate) -> Made:
    design, outlines = making.design, typeface(making.font)
    if isinstance(design, SealDesign):
        drawing = company.draw(design, outlines)
        return _drawn(drawing, "template", design.outline.value, design.inscription)
    shape = "square" if design.width_um == design.height_um else "rectangle"
    return _drawn(personal.draw_name_seal(design, outlines), "template", shape, design.text)


def _drawn(drawing: Drawing, method: str, shape: str, inscription: str) -> Made:
    size = drawing.width_um, drawing.height_um
    return Made(method, shape, *size, inscription, svg(drawing), SVG, pdf(drawing))
