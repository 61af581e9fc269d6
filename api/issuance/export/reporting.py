"""Has a draft verified and its report made, by `report_process`, and signs the report."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Timer

import structlog
from zheng_verifier.canonical import JsonObject, Limits, parse_canonical
from zheng_verifier.package.archive import parse_archive

from api.issuance.export.report_process import BROKEN, REPORT_JSON, UNREADABLE, VERIFIED, Cover, format_cover
from api.issuance.issuer.issuer import Issuer
from api.jobs.model import JobFailure
from api.services import Services

LOG = structlog.get_logger("api.issuance.export.reporting")
_MODULE = "api.issuance.export.report_process"
_MAX_OUTPUT = 64 << 20
# The limits are those of a verification; typesetting takes some seconds and memory more.
_TIMES = 2
_GRACE = 30.0
_LIMITS = Limits(max_bytes=16 << 20, max_depth=16, max_string=1 << 20)


@dataclass(frozen=True, slots=True)
class Reported:
    """A signed report (JWS, compact) and its pages by their names in a package."""

    jws: bytes
    pages: Mapping[str, bytes]


def make_report(services: Services, draft: bytes, cover: Cover, *, verified: Callable[[], None]) -> Reported:
    """Verify and typeset in a bounded process, then sign; ``verified`` is called in between.

    Raises:
        JobFailure: check-failed: the evidence cannot be read. ``RuntimeError``: the process ended otherwise.
    """
    files = _run(services, format_cover(cover) + draft, verified)
    payload = files.pop(REPORT_JSON)
    issuer = open_issuer(services)
    return Reported(issuer.sign_report(payload).encode("ascii"), files)


def open_issuer(services: Services) -> Issuer:
    """Open the installation's issuing identity."""
    return Issuer.open(
        services.settings, name=services.ledger.origin, clock=services.clock, random=services.random
    )


def read_payload(jws: bytes) -> JsonObject:
    """Give the report inside a JWS that we made ourselves."""
    from zheng_verifier.encoding import parse_base64url

    value = parse_canonical(parse_base64url(jws.decode("ascii").split(".")[1]), _LIMITS)
    if not isinstance(value, dict):
        raise TypeError("a report is an object")
    return value


def _run(services: Services, given: bytes, verified: Callable[[], None]) -> dict[str, bytes]:
    limits = services.settings.limits
    seconds = limits.verify_seconds * _TIMES
    command = [sys.executable, "-m", _MODULE, str(limits.verify_memory * _TIMES), str(seconds)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the pipes are missing")
        timer = Timer(seconds + _GRACE, process.kill)
        timer.start()
        try:
            with process.stdin:
                process.stdin.write(given)
            first = process.stdout.readline()
            if first == VERIFIED:
                verified()
            output = process.stdout.read(_MAX_OUTPUT + 1)
            if len(output) > _MAX_OUTPUT:
                process.kill()
            code = process.wait()
        finally:
            timer.cancel()
            process.kill()
    if code == UNREADABLE:
        raise JobFailure("check-failed")
    for told in (first, output):
        if told.startswith(BROKEN):
            LOG.warning("a report could not be made", told=told[:500].decode("ascii", "replace").strip())
    if first != VERIFIED or code or len(output) > _MAX_OUTPUT:
        raise RuntimeError(f"the report's process ended with {code} and {len(output)} bytes")
    return {file.name: file.data for file in parse_archive(output)}
