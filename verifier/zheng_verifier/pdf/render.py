"""Typst source and values in, PDF bytes out; the same bytes for the same input, in any process.

The source is a constant of the caller. Values travel as ``sys.inputs`` and are never pasted into the source, so
that no title or name can become Typst code. Fonts of the machine are not looked at.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Literal

import typst

from zheng_verifier.pdf.fonts import FOLDER

PdfStandard = Literal["1.7", "a-2b", "a-3b"]


class RenderError(Exception):
    """The template does not compile, or compiles with a warning: a fault of the template, not of the values."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])


def render_pdf(
    source: str, *, inputs: Mapping[str, str], created: datetime, standard: PdfStandard = "a-3b"
) -> bytes:
    """Typeset ``source`` with ``inputs``; ``created`` (aware) becomes the creation date of the document.

    ``standard`` is what the file claims to be ("a-3b": PDF/A-3b, ISO 19005-3, which allows attachments).

    Raises:
        RenderError: Typst reports an error or a warning.

    """
    try:
        # The font folder as root: a template may read nothing else of the disk.
        compiler = typst.Compiler(
            source.encode(),
            root=str(FOLDER),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs=dict(inputs),
        )
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf",
            pdf_standards=[standard],
            timestamp=created.replace(microsecond=0).replace(microsecond=0),
        )
    except typst.TypstError as error:
        raise RenderError(str(error)) from error
    if warnings or not isinstance(pdf, bytes):
        raise RenderError("; ".join(str(warning) for warning in warnings))
    return pdf
