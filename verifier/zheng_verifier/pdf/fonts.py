"""The fonts that travel with this package (where they come from: ``fonts/README.md``)."""

from functools import cache
from pathlib import Path

from zheng_verifier.pdf.characters import Coverage, parse_coverage

FAMILY = "Noto Sans SC"
FOLDER = Path(__file__).parent / "fonts"


@cache
def coverage() -> Coverage:
    """Give the characters both weights can print; they cover the same ones, which a test holds."""
    return parse_coverage((FOLDER / "NotoSansSC-Regular.ttf").read_bytes())
