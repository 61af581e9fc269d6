"""Bundles, certificates, packages and reports: what is made of a case, each export recorded in the log."""

import time
from collections.abc import Callable, Sequence

from zheng_verifier.canonical import JsonObject

from zheng_client.errors import ZhengError
from zheng_client.http import JSON, Http
from zheng_client.model import Job, read_job

PDF = "application/pdf"
_PACKAGE = "application/vnd.etsi.asic-e+zip"


class JobUnfinishedError(ZhengError):
    """The job failed, or did not come to its end in time; the text says what stands in the way."""


class Issuance:
    """Has evidence issued, and fetches it."""

    def __init__(
        self,
        http: Http,
        *,
        uuid: Callable[[], str],
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._uuid = uuid
        self._sleep = sleep
        self._monotonic = monotonic

    def bundle(self, case: str) -> bytes:
        """Look at the case's bundle as it stands; nothing is recorded."""
        return self._http.fetch(f"/v1/cases/{case}/bundle", JSON)

    def export_bundle(self, case: str, *, id: str | None = None) -> bytes:  # noqa: A002  # the API's own word
        """Export the case's bundle; the log first attests which events there are."""
        return self._http.post_for(f"/v1/cases/{case}/bundle", {"id": id or self._uuid()}).content

    def issue_certificate(
        self,
        case: str,
        *,
        evidence_name: str | None = None,
        id: str | None = None,  # noqa: A002
    ) -> str:
        """Have a certificate of deposit issued; gives its number."""
        body: JsonObject = {"id": id or self._uuid()}
        if evidence_name is not None:
            body["evidence_name"] = evidence_name
        return self._http.post(f"/v1/cases/{case}/certificates", body).text("certificate_no")

    def certificate_pdf(self, number: str) -> bytes:
        """Get a certificate as it was sealed."""
        return self._http.fetch(f"/v1/certificates/{number}.pdf", PDF)

    def revoke_certificate(self, number: str, reason: str) -> JsonObject:
        """Revoke one's own certificate; ``reason`` is one of a few, for it stands in the log for ever."""
        return self._http.post(f"/v1/certificates/{number}/revocation", {"reason": reason}).value

    def order_package(
        self,
        case: str,
        *,
        edition: str = "full",
        open: Sequence[str] = (),  # noqa: A002
        documents: Sequence[str] | None = None,
        recipient_kind: str = "platform",
        purpose: str = "own_records",
        id: str | None = None,  # noqa: A002
    ) -> Job:
        """Have an evidence package made; ``open`` names sealed values (``3:/data/name``), ``documents`` SHA-256 digests."""
        body = _order(id or self._uuid(), edition, open, recipient_kind, purpose)
        if documents is not None:
            body["documents"] = list(documents)
        return read_job(self._http.post(f"/v1/cases/{case}/packages", body))

    def order_report(
        self,
        case: str,
        *,
        edition: str = "full",
        open: Sequence[str] = (),  # noqa: A002
        recipient_kind: str = "platform",
        purpose: str = "own_records",
        id: str | None = None,  # noqa: A002
    ) -> Job:
        """Have a signed report made."""
        body = _order(id or self._uuid(), edition, open, recipient_kind, purpose)
        return read_job(self._http.post(f"/v1/cases/{case}/reports", body))

    def job(self, job: str) -> Job:
        """Look how far a job is."""
        return read_job(self._http.get(f"/v1/jobs/{job}"))

    def finished(self, job: str, *, seconds: float = 120.0, pause: float = 0.2) -> Job:
        """Wait until a job is sealed.

        Raises:
            JobUnfinishedError: it failed, or took longer.

        """
        deadline = self._monotonic() + seconds
        while True:
            found = self.job(job)
            if found.state == "sealed":
                return found
            if found.state == "failed" or self._monotonic() > deadline:
                raise JobUnfinishedError(f"{found.kind} {found.state}: {found.trouble or found.step}")
            self._sleep(pause)

    def package(self, job: str) -> bytes:
        """Fetch the package of a sealed job (ASiC-E)."""
        return self._http.fetch(f"/v1/packages/{job}", _PACKAGE)

    def report(self, job: str, *, accept: str = JSON, language: str | None = None) -> bytes:
        """Fetch the report of a sealed job: JSON, ``application/jose`` (its JWS) or ``application/pdf``."""
        params = {} if language is None else {"language": language}
        return self._http.fetch(f"/v1/reports/{job}", accept, params=params)


def _order(job: str, edition: str, opened: Sequence[str], recipient_kind: str, purpose: str) -> JsonObject:
    return {
        "id": job,
        "edition": edition,
        "open": list(opened),
        "recipient_kind": recipient_kind,
        "purpose": purpose,
    }
