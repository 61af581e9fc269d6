"""``zheng-verify``: the shell around ``verify_bundle``, the only module that opens files and prints.

It never looks for a policy by itself and never opens a socket. Exit codes: 0 consistent, 1 inconsistent,
2 unreadable input or usage, 3 incomplete.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from zheng_verifier.canonical import BUNDLE_LIMITS, POLICY_LIMITS, format_json
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.encoding import parse_time
from zheng_verifier.errors import EvidenceError, escape
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
_WORST_FIRST = (Overall.INCONSISTENT, Overall.UNREADABLE, Overall.INCOMPLETE, Overall.CONSISTENT)


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
    """Read a file of at most ``limit`` bytes.

    Raises:
        OSError: it cannot be read, or is larger.

    """
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(f"{str(path)!r} is larger than {limit} bytes")
    return data


def _reports(options: argparse.Namespace) -> Iterator[Report | OSError]:
    """Verify one bundle after the other; one that cannot be read hides none of the others.

    Raises:
        OSError: policy or a document cannot be read.
        EvidenceError: the time of verification is ill-formed.

    """
    at = datetime.now(UTC) if options.at is None else parse_time(options.at, "--at")
    policy = PolicyInput(_read(options.policy, POLICY_LIMITS.max_bytes), PolicySource(options.policy_source))
    documents = [Document(path.name, _read(path, MAX_DOCUMENT_BYTES)) for path in options.document]
    for path in options.bundles:
        try:
            data = _read(path, BUNDLE_LIMITS.max_bytes)
        except OSError as error:
            yield error
        else:
            yield verify_bundle(data, documents=documents, policy=policy, at=at, name=path.name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    options = _parser().parse_args(arguments)
    found: set[Overall] = set()
    try:
        for report in _reports(options):
            if isinstance(report, OSError):
                _complain(report)
                found.add(Overall.UNREADABLE)
            else:
                _print(report, options)
                found.add(report.overall)
    except (OSError, EvidenceError) as error:
        _complain(error)
        return EXIT_CODES[Overall.UNREADABLE]
    # The worst result decides: an inconsistent bundle is never hidden by another one beside it.
    return next(EXIT_CODES[overall] for overall in _WORST_FIRST if overall in found)


def _complain(error: Exception) -> None:
    print(f"zheng-verify: {escape(str(error))}", file=sys.stderr)


def _print(report: Report, options: argparse.Namespace) -> None:
    """Write a report as UTF-8, whatever the terminal's encoding."""
    text = report_text(report, options.language).encode()
    sys.stdout.buffer.write(format_json(report_json(report)) + b"\n" if options.json else text)
    sys.stdout.flush()
