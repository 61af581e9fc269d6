"""``zheng-verify``: the shell around ``verify_bundle``, the only module that opens files and prints.

It never looks for a policy by itself and never opens a socket. Exit codes: 0 consistent, 1 inconsistent,
2 unreadable input or usage, 3 incomplete.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from zheng_verifier.canonical import BUNDLE_LIMITS, POLICY_LIMITS, format_json
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.encoding import parse_time
from zheng_verifier.errors import EvidenceError
from zheng_verifier.report.as_json import report_json
from zheng_verifier.report.as_text import report_text
from zheng_verifier.report.catalogue import LANGUAGES
from zheng_verifier.report.model import Overall, PolicySource, Report

MAX_DOCUMENT_BYTES = 512 << 20
EXIT_CODES = {
    Overall.CONSISTENT: 0,
    Overall.INCONSISTENT: 1,
    Overall.UNREADABLE: 2,
    Overall.INCOMPLETE: 3,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zheng-verify",
        description="Verify Zheng evidence offline, under a trust policy of your own choice.",
        epilog="Exit codes: 0 consistent, 1 inconsistent, 2 unreadable input or usage, 3 incomplete.",
    )
    parser.add_argument("bundles", metavar="FILE", nargs="+", type=Path, help="an evidence bundle (JSON)")
    parser.add_argument("--document", metavar="FILE", action="append", default=[], type=Path)
    parser.add_argument("--policy", metavar="FILE", required=True, type=Path, help="your trust policy (JSON)")
    parser.add_argument(
        "--policy-source",
        choices=[source.value for source in PolicySource],
        default=PolicySource.USER.value,
        help="say 'package' if the policy came with the evidence: the overall word is then capped",
    )
    parser.add_argument(
        "--at", metavar="TIME", help="time of verification, YYYY-MM-DDTHH:MM:SS.sssZ; default: now"
    )
    parser.add_argument(
        "--json", action="store_true", help="print the report as canonical JSON, one line a bundle"
    )
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    return parser


def _read(path: Path, limit: int) -> bytes:
    """Read a file of at most ``limit`` bytes; one byte more is read so that the parser can refuse it.

    Raises:
        OSError: it cannot be read.

    """
    with path.open("rb") as file:
        return file.read(limit + 1)


def _run(options: argparse.Namespace) -> list[Report]:
    at = datetime.now(UTC) if options.at is None else parse_time(options.at, "--at")
    policy = PolicyInput(_read(options.policy, POLICY_LIMITS.max_bytes), PolicySource(options.policy_source))
    documents = []
    for path in options.document:
        data = _read(path, MAX_DOCUMENT_BYTES)
        if len(data) > MAX_DOCUMENT_BYTES:
            raise OSError(f"{path}: larger than {MAX_DOCUMENT_BYTES} bytes")
        documents.append(Document(path.name, data))
    return [
        verify_bundle(_read(path, BUNDLE_LIMITS.max_bytes), documents=documents, policy=policy, at=at)
        for path in options.bundles
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    options = _parser().parse_args(arguments)
    try:
        reports = _run(options)
    except (OSError, EvidenceError) as error:
        print(f"zheng-verify: {error}", file=sys.stderr)
        return 2
    for report in reports:
        if options.json:
            sys.stdout.buffer.write(format_json(report_json(report)) + b"\n")
        else:
            sys.stdout.buffer.write(report_text(report, options.language).encode())
    sys.stdout.flush()
    # The worst result decides: an inconsistent bundle is never hidden by another one beside it.
    for overall in (Overall.INCONSISTENT, Overall.UNREADABLE, Overall.INCOMPLETE):
        if any(report.overall is overall for report in reports):
            return EXIT_CODES[overall]
    return EXIT_CODES[Overall.CONSISTENT]
