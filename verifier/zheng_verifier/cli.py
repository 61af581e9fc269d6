"""``zheng-verify``: the shell around ``verify_any``, the only module that opens files and prints.

It never looks for a policy by itself and never opens a socket. Exit codes: 0 consistent, 1 inconsistent,
2 unreadable input or usage, 3 incomplete.
"""

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from zheng_verifier.canonical import POLICY_LIMITS, format_json
from zheng_verifier.checks import Document, PolicyInput, policy_in_package
from zheng_verifier.checks.any import verify_any
from zheng_verifier.checks.replay import replay
from zheng_verifier.encoding import parse_time
from zheng_verifier.errors import EvidenceError, escape
from zheng_verifier.report.all_forms import report_forms
from zheng_verifier.report.as_html import report_html
from zheng_verifier.report.as_text import report_text
from zheng_verifier.report.catalogue import LANGUAGES
from zheng_verifier.report.detailed import report_detailed
from zheng_verifier.report.diagnostic import DIAGNOSTIC_LIMITS, format_diagnostic
from zheng_verifier.report.model import Overall, PolicySource, Report
from zheng_verifier.report.simple import report_simple
from zheng_verifier.statement import STATEMENT_LIMITS

MAX_DOCUMENT_BYTES = 512 << 20
MAX_EVIDENCE_BYTES = 512 << 20  # what a package may have; the formats have limits of their own
MAX_REQUEST_BYTES = 1 << 16
EXIT_CODES = {
    Overall.CONSISTENT: 0,
    Overall.INCONSISTENT: 1,
    Overall.UNREADABLE: 2,
    Overall.INCOMPLETE: 3,
}
_WORST_FIRST = (Overall.INCONSISTENT, Overall.UNREADABLE, Overall.INCOMPLETE, Overall.CONSISTENT)


# These two libraries log what they think of a stranger's PDF, in his words. Without a handler Python prints that to
# standard error, unescaped and beside our own complaints; what counts of it the report says. Other loggers are left alone.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).addHandler(logging.NullHandler())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zheng-verify",
        description="Verify Zheng evidence offline, under a trust policy of your own choice.",
        epilog="Exit codes: 0 consistent, 1 inconsistent, 2 unreadable input or usage, 3 incomplete.",
    )
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        type=Path,
        help="a bundle (JSON), an evidence package (ASiC-E) or a certificate of deposit (PDF)",
    )
    parser.add_argument("--document", metavar="FILE", action="append", default=[], type=Path)
    parser.add_argument(
        "--statement",
        metavar="FILE",
        type=Path,
        help="the operator's statement that goes with a bundle (JSON)",
    )
    parser.add_argument("--policy", metavar="FILE", type=Path, help="your trust policy (JSON)")
    parser.add_argument(
        "--policy-source",
        choices=[source.value for source in PolicySource],
        default=PolicySource.USER.value,
        help="say 'package' if the policy came with the evidence: the overall word is then capped; without --policy "
        "the one in the package is used",
    )
    parser.add_argument(
        "--at", metavar="TIME", help="time of verification, YYYY-MM-DDTHH:MM:SS.sssZ; default: now"
    )
    parser.add_argument(
        "--replay",
        action="store_true",
        help="FILE is a diagnostic report: judge it again. What it says of documents is its maker's word",
    )
    parser.add_argument(
        "--report",
        choices=("simple", "detailed", "diagnostic", "all"),
        default="detailed",
        help="one page, every check, what was looked at (JSON only), or all of them and in every form, as one object "
        "of JSON. An offline report is not signed",
    )
    parser.add_argument(
        "--format", choices=("text", "json", "html"), help="default: text; JSON is canonical, one line a file"
    )
    parser.add_argument(
        "--json", dest="format", action="store_const", const="json", help="the same as --format json"
    )
    parser.add_argument(
        "--pdf",
        metavar="OUT",
        type=Path,
        help="write the evidence report too, as PDF (needs zheng-verifier[pdf])",
    )
    parser.add_argument(
        "--request",
        metavar="FILE",
        type=Path,
        help="the request attached to a report, to make that report again",
    )
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    return parser


def _read(path: Path, limit: int) -> bytes:
    """Read a file of at most ``limit`` bytes.

    Raises:
        OSError: it cannot be read, or is larger.

    """
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(f"{str(path)!r} is larger than {limit} bytes")
    return data


def _reports(options: argparse.Namespace) -> Iterator[Report | OSError | EvidenceError]:
    """Verify one file after the other; one that cannot be read hides none of the others.

    Raises:
        OSError: policy or a document cannot be read.
        EvidenceError: the time of verification is ill-formed.

    """
    at = datetime.now(UTC) if options.at is None else parse_time(options.at, "--at")
    policy = _policy(options)
    documents = [Document(path.name, _read(path, MAX_DOCUMENT_BYTES)) for path in options.document]
    statement = None if options.statement is None else _read(options.statement, STATEMENT_LIMITS.max_bytes)
    for path in options.files:
        try:
            if options.replay and policy is not None:
                yield replay(_read(path, DIAGNOSTIC_LIMITS.max_bytes), policy=policy, at=at)
                continue
            data = _read(path, MAX_EVIDENCE_BYTES)
            chosen = policy or policy_in_package(data)
        except (OSError, EvidenceError) as error:
            yield error
        else:
            yield verify_any(
                data, documents=documents, policy=chosen, at=at, name=path.name, statement=statement
            )


def _policy(options: argparse.Namespace) -> PolicyInput | None:
    """Read the user's policy; None if he chose the one in the package.

    Raises:
        OSError: it cannot be read.

    """
    if options.policy is None:
        return None
    return PolicyInput(_read(options.policy, POLICY_LIMITS.max_bytes), PolicySource(options.policy_source))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.policy is None and (options.replay or options.policy_source != PolicySource.PACKAGE.value):
        parser.error("--policy is needed, or --policy-source=package with a package that holds one")
    if options.report in ("diagnostic", "all") and options.format in ("text", "html"):
        parser.error("a diagnostic report, and all reports in one, are JSON")
    if options.format == "html" and len(options.files) > 1:
        parser.error("an HTML report is of one file")
    if options.pdf is not None and len(options.files) > 1:
        parser.error("a PDF report is of one file")
    if options.pdf is not None and find_spec("typst") is None:
        parser.error("--pdf needs the typesetter: pip install 'zheng-verifier[pdf]'")
    found: set[Overall] = set()
    try:
        for report in _reports(options):
            if isinstance(report, Exception):
                _complain(report)
                found.add(Overall.UNREADABLE)
            else:
                _print(report, options)
                found.add(report.overall)
                if options.pdf is not None:
                    _write_pdf(report, options)
    except (OSError, EvidenceError) as error:
        _complain(error)
        return EXIT_CODES[Overall.UNREADABLE]
    # The worst result decides: an inconsistent bundle is never hidden by another one beside it.
    return next(EXIT_CODES[overall] for overall in _WORST_FIRST if overall in found)


def _complain(error: Exception | str) -> None:
    print(f"zheng-verify: {escape(str(error))}", file=sys.stderr)


def _print(report: Report, options: argparse.Namespace) -> None:
    """Write a report as UTF-8, whatever the terminal's encoding."""
    sys.stdout.buffer.write(_format(report, options))
    sys.stdout.flush()


def _write_pdf(report: Report, options: argparse.Namespace) -> None:
    """Write the evidence report as PDF.

    Raises:
        OSError: the request cannot be read, or the PDF not written.
        EvidenceError: nothing was verified, or the request is ill-formed.

    """
    from zheng_verifier.pdf.evidence_report import report_pdf  # the typesetter is an extra

    request = None if options.request is None else _read(options.request, MAX_REQUEST_BYTES)
    options.pdf.write_bytes(report_pdf(report, options.language, request))


def _format(report: Report, options: argparse.Namespace) -> bytes:
    if options.report == "diagnostic":
        if report.examined is None:
            _complain(report.inputs[0].name + " cannot be opened, so nothing was looked at")
            return b""
        return format_diagnostic(report.examined) + b"\n"
    if options.report == "all":
        return format_json(report_forms(report)) + b"\n"
    if options.format == "json":
        write = report_simple if options.report == "simple" else report_detailed
        return format_json(write(report)) + b"\n"
    if options.format == "html":
        return report_html(report, options.language, options.report).encode()
    return report_text(report, options.language, options.report).encode()
