"""The status of certificates from an authority's responder and lists, at the addresses of the settings and no others.

Responses and lists are signed by the authority and judged as any reader judges them, so that their addresses may be http,
as most are. They are bounded in size and time; redirects are not followed, the environment names no proxy.
"""

import threading
import time
from datetime import timedelta

import httpx
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import ocsp

from api.times import Clock
from signing.certificates.ports import AuthorityUnavailable

MAX_STATUS = 8 << 20  # bytes
_KEPT = timedelta(minutes=10)
"""A list is fetched again after so long: what is newer, a response tells."""


class StatusHttp:
    """Fetches responses and lists. ``timeout`` is in seconds, for each."""

    def __init__(self, *, responder: str, lists: tuple[str, ...], timeout: float, clock: Clock) -> None:
        """Take the addresses.

        Raises:
            ValueError: not http or https, or with a user or a fragment.

        """
        for url in (responder, *lists):
            try:
                parsed = httpx.URL(url)
            except httpx.InvalidURL as error:
                raise ValueError(f"no address to ask status at: {error}") from error
            if (
                parsed.scheme not in ("http", "https")
                or not parsed.host
                or parsed.userinfo
                or parsed.fragment
            ):
                raise ValueError(
                    "status is asked at absolute http or https addresses, without user or fragment"
                )
        self._responder = responder
        self._lists = lists
        self._timeout = timeout
        self._clock = clock
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False)
        self._lock = threading.Lock()
        self._known: dict[str, tuple[x509.CertificateRevocationList, bytes, float]] = {}

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ocsp(self, request: bytes) -> bytes:
        """Ask the responder (RFC 6960, appendix A).

        Raises:
            AuthorityUnavailable: no answer, or none that is a response.

        """
        answer = self._fetch("POST", self._responder, request)
        try:
            ocsp.load_der_ocsp_response(answer)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise AuthorityUnavailable("the responder's answer is none") from error
        return answer

    def crls(self) -> tuple[bytes, ...]:
        """Give the lists, fetched anew once they are old.

        Raises:
            AuthorityUnavailable: a list cannot be had.

        """
        return tuple(self._crl(url) for url in self._lists)

    def _crl(self, url: str) -> bytes:
        with self._lock:
            known = self._known.get(url)
        if known is not None:
            listed, der, fetched = known
            over = listed.next_update_utc
            young = time.monotonic() - fetched < _KEPT.total_seconds()
            if young and (over is None or self._clock() < over):
                return der
        der = self._fetch("GET", url, b"")
        try:
            listed = x509.load_der_x509_crl(der)
            _ = listed.issuer, listed.next_update_utc
        except (ValueError, UnsupportedAlgorithm) as error:
            raise AuthorityUnavailable("what should be a list is none") from error
        with self._lock:
            self._known[url] = listed, der, time.monotonic()
        return der

    def _fetch(self, method: str, url: str, content: bytes) -> bytes:
        headers = {"Accept-Encoding": "identity"}
        if content:
            headers["Content-Type"] = "application/ocsp-request"
        parts, size, end = [], 0, time.monotonic() + self._timeout
        try:
            with self._client.stream(method, url, content=content or None, headers=headers) as response:
                if response.status_code != httpx.codes.OK:
                    raise AuthorityUnavailable(f"status was answered with HTTP {response.status_code}")
                for part in response.iter_raw():
                    size += len(part)
                    if size > MAX_STATUS or time.monotonic() > end:
                        raise AuthorityUnavailable("a status is too long, or took too long")
                    parts.append(part)
        except httpx.HTTPError as error:
            raise AuthorityUnavailable("the status of certificates cannot be asked") from error
        return b"".join(parts)
