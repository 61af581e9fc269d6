"""A time-stamping authority behind HTTP (RFC 3161 §3.4), treated as the stranger it is.

One POST, one answer, under one deadline that covers everything from the name look-up to the last byte; a size limit;
no redirects, no proxies from the environment, no cookies. The host's addresses are looked up once, checked, and the
connection goes to the checked address, so that a name cannot first point outside and then into our own network.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass

import httpx
from zheng_verifier.timestamp import MAX_RESPONSE_SIZE

from anchor.ports import AuthorityRefused, AuthorityUnavailable

_QUERY_TYPE = "application/timestamp-query"
_REPLY_TYPE = "application/timestamp-reply"
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """What an exchange may take.

    ``deadline`` in seconds over all; ``private_addresses`` allows hosts in loopback, private and link-local networks,
    for an authority in one's own house.
    """

    deadline: float = 20.0
    max_response_size: int = MAX_RESPONSE_SIZE
    private_addresses: bool = False


class HttpTsa:
    """A `TimestampAuthority` at a URL. Answers are handed on byte for byte."""

    def __init__(self, name: str, url: str, *, limits: HttpLimits | None = None) -> None:
        """Take the authority's URL.

        Raises:
            ValueError: not an absolute http or https URL, or one with a user name, password or fragment.
        """
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise ValueError(f"the URL of {name} does not parse: {error}") from error
        if parsed.scheme not in ("http", "https") or not parsed.host or not 0 < (parsed.port or 80) < 65536:
            raise ValueError(f"the URL of {name} is not an absolute http or https URL")
        if parsed.userinfo or parsed.fragment:
            raise ValueError(f"the URL of {name} carries a user name, a password or a fragment")
        self._name = name
        self._url = parsed
        self._host = parsed.raw_host.decode("ascii")
        self._limits = limits or HttpLimits()

    @property
    def name(self) -> str:
        """The name given to it."""
        return self._name

    def request(self, query: bytes) -> bytes:
        """Post the query. Not to be called inside a running event loop.

        Raises:
            AuthorityUnavailable: no connection, deadline passed, HTTP 429 or 5xx, another content type, too long.
            AuthorityRefused: an address that is not allowed, a redirect, any other HTTP status.
        """
        try:
            return asyncio.run(self._exchange_in_time(query))
        except TimeoutError as error:
            detail = f"{self._name} did not answer within {self._limits.deadline:g} s"
            raise AuthorityUnavailable(detail) from error
        except (httpx.TransportError, OSError) as error:
            raise AuthorityUnavailable(f"{self._name} cannot be reached: {error!r}") from error

    async def _exchange_in_time(self, query: bytes) -> bytes:
        async with asyncio.timeout(self._limits.deadline):
            return await self._exchange(query, await self._address())

    async def _address(self) -> str:
        """Look the host up once, and give an address that may be connected to."""
        port = self._url.port or (443 if self._url.scheme == "https" else 80)
        found = await asyncio.get_running_loop().getaddrinfo(self._host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if not self._limits.private_addresses:
            addresses = [address for address in addresses if is_public(address)]
        if not addresses:
            raise AuthorityRefused(f"{self._url.host} is in a private network, which {self._name} may not be")
        return addresses[0]

    async def _exchange(self, query: bytes, address: str) -> bytes:
        headers = {
            "Host": self._url.netloc.decode("ascii"),
            "Content-Type": _QUERY_TYPE,
            "Accept": _REPLY_TYPE,
            "Accept-Encoding": "identity",
        }
        # The certificate of an https host is still checked against its name.
        extensions = {"sni_hostname": self._host}
        url = self._url.copy_with(host=address)
        async with (
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=httpx.Timeout(None)) as client,
            client.stream("POST", url, content=query, headers=headers, extensions=extensions) as response,
        ):
            self._check_head(response)
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > self._limits.max_response_size:
                    detail = f"{self._name} answered with more than {self._limits.max_response_size} bytes"
                    raise AuthorityUnavailable(detail)
            return bytes(body)

    def _check_head(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == _TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise AuthorityUnavailable(f"{self._name} answered with HTTP {status}")
        if response.has_redirect_location:
            where = response.headers["location"][:200]
            raise AuthorityRefused(
                f"{self._name} answered with a redirect to {where!r}: use that URL if it is right"
            )
        if status != httpx.codes.OK:
            raise AuthorityRefused(f"{self._name} answered with HTTP {status}")
        content_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
        if content_type != _REPLY_TYPE:
            detail = (
                f"{self._name} answered with content of type {content_type[:80]!r}, not with a time-stamp"
            )
            raise AuthorityUnavailable(detail)


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public Internet, looking through IPv4-mapped IPv6 addresses."""
    parsed = ipaddress.ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_global
