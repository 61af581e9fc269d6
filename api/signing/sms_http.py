"""Hands texts to a telephone carrier over HTTPS, at the one address that the settings name.

Neither a request nor an answer can lead elsewhere: redirects are not followed, and the environment names no proxy.
The message's id goes along, by which the carrier tells a repetition from a second message. What became of a message
he reports to ``POST /v1/signing/delivery/reports``. Nothing of a request is logged.

    POST {url}    Authorization: Bearer {secret}    {"id", "to", "text"}
    answer        200 {"transaction"}  |  422 {"reason"}: refused for good  |  anything else: tried again
"""

from collections.abc import Sequence
from typing import cast, get_args

import httpx
from zheng_verifier.canonical import Fields, Limits, format_json, parse_json
from zheng_verifier.errors import EvidenceError

from signing.delivery.ports import (
    Accepted,
    CarrierRefusedError,
    CarrierUnavailableError,
    Reason,
    Report,
    SmsMessage,
)

_LIMITS = Limits(max_bytes=8_192, max_depth=2, max_string=1_024)


class HttpSmsSender:
    """An `SmsSender` over HTTPS; ``http`` is allowed on loopback only."""

    simulated = False

    def __init__(
        self, *, name: str, url: str, secret: str, timeout: float, verify: str | bool = True
    ) -> None:
        """Take the carrier's address.

        Raises:
            ValueError: not https, or with a user, a query or a fragment; no secret.

        """
        parsed = httpx.URL(url)
        loopback = parsed.scheme == "http" and parsed.host in ("127.0.0.1", "localhost")
        if not (parsed.scheme == "https" or loopback) or parsed.userinfo or parsed.query or parsed.fragment:
            raise ValueError("a carrier has an https address without user, query or fragment")
        if len(secret) < 16:
            raise ValueError("the secret shared with a carrier has at least 16 characters")
        self.name = name
        self._url = url
        self._headers = {
            "Authorization": f"Bearer {secret}",
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
        }
        self._timeout = timeout
        self._verify = verify

    def reports(self) -> Sequence[Report]:
        """Give nothing: the carrier reports by himself."""
        return ()

    def send(self, message: SmsMessage) -> Accepted:
        """Hand a text over.

        Raises:
            CarrierRefusedError, CarrierUnavailableError.

        """
        content = format_json({"id": message.id, "to": message.target, "text": message.text})
        try:
            with (
                httpx.Client(
                    timeout=self._timeout, follow_redirects=False, trust_env=False, verify=self._verify
                ) as client,
                client.stream("POST", self._url, content=content, headers=self._headers) as response,
            ):
                answer = _read(response)
        except httpx.TimeoutException:
            raise CarrierUnavailableError("timed_out") from None
        except httpx.HTTPError:
            raise CarrierUnavailableError("unreachable") from None
        match response.status_code:
            case 200:
                return Accepted(_text(answer, "transaction"), answer)
            case 422:
                reason = _text(answer, "reason")
                known = cast(Reason, reason) if reason in get_args(Reason) else "refused"
                raise CarrierRefusedError(known, answer)
            case _:
                raise CarrierUnavailableError("provider_error")


def _read(response: httpx.Response) -> bytes:
    answer = bytearray()
    for part in response.iter_raw():
        answer += part
        if len(answer) > _LIMITS.max_bytes:
            raise CarrierUnavailableError("provider_error")
    return bytes(answer)


def _text(answer: bytes, name: str) -> str:
    """Read a short printable text of an answer; "" where there is none, since the message was taken all the same."""
    try:
        fields = Fields(parse_json(answer, _LIMITS))
        text = fields.text(name, max_bytes=128) if fields.has(name) else ""
    except EvidenceError:
        return ""
    return text if all("!" <= character <= "~" for character in text) else ""
