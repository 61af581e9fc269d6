"""Asks a neighbour of the service over HTTPS: one fixed address, requests and answers signed under a shared secret.

The address comes from the settings and from nowhere else: neither a request nor an answer can lead elsewhere, redirects
are not followed, the environment names no proxy. Requests and answers carry an HMAC-SHA-256 over method (in an answer:
status), path, time, nonce and body. An answer that is not signed for this very request is no answer. Nothing is logged.
"""

import hashlib
import hmac
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import httpx
from zheng_verifier.encoding import format_time

from api.times import Clock, Random

SIGNATURE: Final = "X-Zheng-Signature"
TIME: Final = "X-Zheng-Time"
NONCE: Final = "X-Zheng-Nonce"
_LEAST_SECRET = 32
_NOTHING: Mapping[str, str] = MappingProxyType({})


class SignedHttp:
    """A neighbour called ``who`` in errors. ``url`` is https, or loopback in tests; ``secret`` has at least 32 bytes.

    ``timeout`` is in seconds, ``most`` the bytes that an answer may have.
    """

    def __init__(
        self,
        who: str,
        *,
        url: str,
        secret: bytes,
        timeout: float,
        most: int,
        clock: Clock,
        random: Random,
        verify: str | bool = True,
    ) -> None:
        parsed = httpx.URL(url)
        loopback = parsed.scheme == "http" and parsed.host in ("127.0.0.1", "localhost")
        if not (parsed.scheme == "https" or loopback) or parsed.userinfo or parsed.query or parsed.fragment:
            raise ValueError(f"{who} has an https address without user, query or fragment")
        if len(secret) < _LEAST_SECRET:
            raise ValueError(f"the secret shared with {who} has at least {_LEAST_SECRET} bytes")
        self._base = url.rstrip("/")
        self._secret = secret
        self._timeout = timeout
        self._most = most
        self._clock = clock
        self._random = random
        # No proxy and no .netrc of the environment: the address is the one of the settings.
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False, verify=verify)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(
        self, method: str, path: str, content: bytes, headers: Mapping[str, str] = _NOTHING
    ) -> tuple[int, bytes]:
        """Send a signed request and give status and body of its answer, which is signed, too.

        Raises:
            httpx.HTTPError: it was not sent, or not answered in time.
            ValueError: the answer is too long, or not signed for this request.
        """
        moment, nonce = format_time(self._clock()), self._random(16).hex()
        request_path = httpx.URL(self._base + path).path
        sent = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            TIME: moment,
            NONCE: nonce,
            SIGNATURE: signature(self._secret, method, request_path, moment, nonce, content),
        }
        with self._client.stream(
            method, self._base + path, content=content or None, headers={**headers, **sent}
        ) as response:
            answered = self._taken_in(response)
        # The nonce of the request makes an old answer worthless.
        self.check(str(response.status_code), request_path, moment, nonce, answered, response.headers)
        return response.status_code, answered

    def check(
        self, method: str, path: str, moment: str, nonce: str, body: bytes, headers: httpx.Headers
    ) -> None:
        """Check the signature among ``headers``.

        Raises:
            ValueError: it is not the neighbour's over these five.
        """
        expected = signature(self._secret, method, path, moment, nonce, body)
        if not hmac.compare_digest(expected.encode(), headers.get(SIGNATURE, "").encode()):
            raise ValueError("not signed by the neighbour")

    def _taken_in(self, response: httpx.Response) -> bytes:
        """Take an answer in, as far and as long as one may be."""
        parts, size, end = [], 0, time.monotonic() + self._timeout
        for part in response.iter_raw():
            size += len(part)
            if size > self._most or time.monotonic() > end:
                raise ValueError("the answer is too long")
            parts.append(part)
        return b"".join(parts)


def signature(secret: bytes, method: str, path: str, moment: str, nonce: str, body: bytes) -> str:
    """Sign a request, or with the status in place of the method an answer: hex HMAC-SHA-256 over five lines."""
    digest = hashlib.sha256(body).hexdigest()
    text = f"{method}\n{path}\n{moment}\n{nonce}\n{digest}"
    return hmac.digest(secret, text.encode(), "sha256").hex()
