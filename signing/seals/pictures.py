"""Pictures of seals that people upload: bounded, decoded once, and written anew without anything but their pixels.

Nothing of the file itself is kept: no metadata, no second frame, no colour profile. Sizes are read from the header before
a pixel is decoded, so that a small file cannot become a large picture.
"""

import io
import zlib
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageOps

from signing.errors import Refused
from signing.seals.drawing.output import pdf_file, points

MOST_BYTES = 2 << 20
SMALLEST_SIDE, LARGEST_SIDE = 60, 2_400
MOST_PIXELS = 4_000_000
_FORMATS = ("PNG", "JPEG")
# Pillow only warns below twice its own limit; ours is far lower, and where warnings are errors this one is a refusal.
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a seal: PNG with transparency, and the same as a PDF page in its real size."""

    png: bytes
    pdf: bytes
    width_um: int
    height_um: int


def read_picture(content: bytes, *, width_um: int, transparent: bool) -> Picture:
    """Decode an uploaded PNG or JPEG and write it anew; with ``transparent``, white paper becomes see-through.

    Raises Refused: ``seal-picture-invalid`` for anything else, for a damaged or animated file, and for one above 2 MiB,
    2,400 pixels a side or 4 megapixels.
    """
    image = _decoded(content)
    if transparent:
        image.putalpha(ImageChops.multiply(image.getchannel("A"), _ink(image)))
    out = io.BytesIO()
    image.save(out, "PNG")
    height_um = max(1, width_um * image.height // image.width)
    return Picture(out.getvalue(), _pdf(image, width_um, height_um), width_um, height_um)


def _decoded(content: bytes) -> Image.Image:
    if len(content) > MOST_BYTES:
        raise _invalid("The file is too large.", f"at most {MOST_BYTES} bytes")
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            _check(opened)
            opened.load()
            image = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, *_BOMBS) as error:
        raise _invalid("The file is no picture that can be read.", "a PNG or JPEG file") from error
    plain = Image.new("RGBA", image.size)
    plain.paste(image)
    return plain


def _check(opened: Image.Image) -> None:
    width, height = opened.size
    if not (min(width, height) >= SMALLEST_SIDE and max(width, height) <= LARGEST_SIDE):
        raise _invalid(
            "The picture is too small or too large.", f"{SMALLEST_SIDE} to {LARGEST_SIDE} pixels a side"
        )
    if width * height > MOST_PIXELS:
        raise _invalid("The picture has too many pixels.", f"at most {MOST_PIXELS} pixels")
    if getattr(opened, "n_frames", 1) != 1:
        raise _invalid("The picture is animated.", "a single picture")


def _invalid(detail: str, expected: str) -> Refused:
    return Refused("seal-picture-invalid", detail, "/picture", expected)


def _ink(image: Image.Image) -> Image.Image:
    """Give how much ink each pixel has: none on white, full from half-way to the darkest channel on."""
    red, green, blue = (image.getchannel(name) for name in "RGB")
    lowest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return ImageChops.invert(lowest).point([min(255, 2 * value) if value > 12 else 0 for value in range(256)])


def _pdf(image: Image.Image, width_um: int, height_um: int) -> bytes:
    """Write the picture as a PDF page of one image with a soft mask (ISO 32000-2 §11.6.5.2)."""
    colors = zlib.compress(image.convert("RGB").tobytes(), 9)
    mask = zlib.compress(image.getchannel("A").tobytes(), 9)
    width, height = points(width_um), points(height_um)
    content = f"{width} 0 0 {height} 0 0 cm /I Do".encode()
    box = f"[0 0 {width} {height}]"
    size = f"/Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} /BitsPerComponent 8"
    resources = "<< /XObject << /I 5 0 R >> >>"
    return pdf_file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Resources {resources} /Contents 4 0 R >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            _image(f"{size} /ColorSpace /DeviceRGB /SMask 6 0 R", colors),
            _image(f"{size} /ColorSpace /DeviceGray", mask),
        ]
    )


def _image(entries: str, data: bytes) -> bytes:
    head = f"<< {entries} /Filter /FlateDecode /Length {len(data)} >>".encode()
    return head + b"\nstream\n" + data + b"\nendstream"
