"""qpdf (as pikepdf brings it) on the structure of PDFs, poppler's pdfsig on the arithmetic of their signatures."""

import shutil
import subprocess
from collections.abc import Sequence

import pikepdf
from model import FAILED, NOT_AT_HAND, PASSED, REFUSED, Item, Verdict


def ask_qpdf(items: Sequence[Item]) -> list[Verdict]:
    """Read every object and decode every stream, as ``qpdf --check`` does."""
    return [_ask_qpdf(item) for item in items]


def _ask_qpdf(item: Item) -> Verdict:
    try:
        with pikepdf.open(item.file) as pdf:
            problems = pdf.check_pdf_syntax()
    except pikepdf.PdfError as error:
        return Verdict(REFUSED, str(error).rsplit(":", 1)[-1].strip()[:80])
    text = problems[0].rsplit(":", 1)[-1].strip()[:80] if problems else ""
    return Verdict(FAILED if problems else PASSED, text)


def ask_pdfsig(items: Sequence[Item]) -> list[Verdict]:
    """Ask poppler about the first signature, without its certificate."""
    return [_ask_pdfsig(item) for item in items]


def _ask_pdfsig(item: Item) -> Verdict:
    if shutil.which("pdfsig") is None:
        return Verdict(NOT_AT_HAND)
    command = ["pdfsig", "-nocert", str(item.file)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    lines = [line.strip(" -") for line in done.stdout.splitlines()]
    answers = [
        line.removeprefix("Signature Validation:").strip() for line in lines if "Signature Validation" in line
    ]
    if not answers:
        return Verdict(REFUSED, "no signature found")
    return Verdict(PASSED) if answers[0] == "Signature is Valid." else Verdict(FAILED, answers[0].rstrip("."))
