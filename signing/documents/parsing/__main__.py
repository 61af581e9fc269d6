"""The program that looks at one document: the files ``document`` and ``arguments`` in, an answer out.

The answer is a line of JSON, and bytes after it where the command gives some.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from signing.documents.limits import DEFAULT_LIMITS, DocumentLimits
from signing.documents.parsing.unacceptable import UnacceptableError


def main() -> None:
    """Look at the document; its kind stands in the file ``arguments``."""
    arguments = json.loads(Path("arguments").read_bytes())
    try:
        answer, content = _inspect(arguments)
    except UnacceptableError as refusal:
        answer, content = {"refused": refusal.code, "detail": refusal.detail}, b""
    except (MemoryError, RecursionError):
        answer, content = (
            {"refused": "document-limit", "detail": "Reading it took more than is given to one."},
            b"",
        )
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + content)
    sys.stdout.flush()


def _inspect(arguments: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    content, limits = Path("document").read_bytes(), _limits(arguments["limits"])
    match arguments["kind"]:
        case "pdf":
            from signing.documents.parsing.pdf import inspect_pdf

            facts = inspect_pdf(content, limits, attachment=arguments["attachment"])
            return {"pages": facts.pages, "fonts_missing": facts.fonts_missing, "signed": facts.signed}, b""
        case "docx":
            from signing.documents.parsing.docx import inspect_docx

            found = inspect_docx(content, limits)
            return {"characters": found.characters}, found.clean
        case _:
            from signing.documents.parsing.doc import inspect_doc

            inspect_doc(content, limits)
            return {}, content


def _limits(changed: dict[str, int]) -> DocumentLimits:
    return replace(DEFAULT_LIMITS, **changed)


if __name__ == "__main__":
    main()
