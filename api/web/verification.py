"""Verifies what strangers send: in a process of its own, bounded in memory, time, output and number.

The verifier is the very program that everybody can run at home; nothing of the service is imported in it, and a
crash, a bomb or an endless loop there costs one answer.
"""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from zheng_verifier.canonical import JsonObject, Limits, parse_json
from zheng_verifier.errors import EvidenceError
from zheng_verifier.report.model import PolicySource

from api.issuance.policy_export import read_policy
from api.problems import ProblemError
from api.settings import LimitSettings

MAX_REPORT = 64 << 20
# Seconds of waiting beyond the processor time that the process may use: it sleeps, starts, is starved.
_GRACE = 5.0
_REPORT_LIMITS = Limits(max_bytes=MAX_REPORT, max_depth=16, max_string=MAX_REPORT)
_BOUNDED = Path(__file__).with_name("bounded.py")
# Exit codes of zheng-verify: consistent, inconsistent, unreadable (with a report unless the policy is), incomplete.
_UNREADABLE = 2
_WITH_REPORT = (0, 1, _UNREADABLE, 3)


@dataclass(frozen=True, slots=True)
class Submission:
    """What is to be verified: a bundle, package or certificate, documents, and the policy to hold it against."""

    bundle: bytes
    documents: tuple[bytes, ...]
    policy: bytes
    policy_source: PolicySource
    report: Literal["detailed", "all"] = "detailed"


def policy_of(sent: bytes | None, published: Path) -> tuple[bytes, PolicySource] | None:
    """Give the policy to judge by, and whose it is: the sender's own, else the one this service publishes.

    The service's came from the side whose evidence it is, as one in a package does: the report says so, and the overall
    word is INCOMPLETE at most. None: nothing was sent, and nothing is published.
    """
    if sent is not None:
        return sent, PolicySource.USER
    own = read_policy(published)
    return None if own is None else (own, PolicySource.PACKAGE)


class Verifications:
    """Runs a bounded number of verifications at once, and lets a bounded number wait."""

    def __init__(self, limits: LimitSettings) -> None:
        self._limits = limits
        self._running = asyncio.Semaphore(limits.verify_parallel)
        self._present = 0

    async def verify(self, submission: Submission) -> JsonObject:
        """Verify a submission and give the report asked for: the detailed one, or all forms in one object.

        Raises:
            ProblemError: busy; verify-limit (memory, time or output used up); bundle-unreadable.
        """
        if self._present >= self._limits.verify_parallel + self._limits.verify_waiting:
            raise ProblemError("busy", "Too many verifications are waiting.", headers={"Retry-After": "5"})
        self._present += 1
        try:
            async with self._running:
                return await verify_once(self._limits, submission)
        finally:
            self._present -= 1


async def verify_once(limits: LimitSettings, submission: Submission) -> JsonObject:
    """Run the verifier once, in a bounded process, and give its report.

    Raises:
        ProblemError: verify-limit, bundle-unreadable.
    """
    with tempfile.TemporaryDirectory(prefix="zheng-verify-") as folder:
        arguments = await asyncio.to_thread(_write_files, Path(folder), submission)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(_BOUNDED),
            str(limits.verify_memory),
            str(limits.verify_seconds),
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=folder,
            env={"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"},
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(limits.verify_seconds + _GRACE):
                output = await _read_output(process)
                code = await process.wait()
        except TimeoutError:
            raise ProblemError(
                "verify-limit", f"Verification took longer than {limits.verify_seconds} s."
            ) from None
        finally:
            await _end(process)
    return _report(code, output)


def _write_files(folder: Path, submission: Submission) -> Sequence[str]:
    (folder / "evidence").write_bytes(submission.bundle)
    (folder / "policy.json").write_bytes(submission.policy)
    arguments = [
        "evidence",
        "--json",
        "--report",
        submission.report,
        "--policy",
        "policy.json",
        "--policy-source",
        submission.policy_source,
    ]
    for position, document in enumerate(submission.documents):
        name = f"document-{position}"
        (folder / name).write_bytes(document)
        arguments += ["--document", name]
    return arguments


async def _read_output(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None  # a pipe was asked for
    output = bytearray()
    while chunk := await process.stdout.read(65_536):
        output += chunk
        if len(output) > MAX_REPORT:
            raise ProblemError("verify-limit", "The report would be too long.")
    return bytes(output)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _report(code: int, output: bytes) -> JsonObject:
    """Read the report; a verifier that ran out of memory exits with 1 too, but leaves no report."""
    try:
        report = parse_json(output, _REPORT_LIMITS) if code in _WITH_REPORT else None
    except EvidenceError:
        report = None
    if isinstance(report, dict):
        return report
    if code == _UNREADABLE:
        raise ProblemError("bundle-unreadable", "The bundle or the policy could not be read.")
    raise ProblemError("verify-limit", "Verification ended without a report.")
