"""Requests and answers over HTTP: canonical JSON out, refusals as exceptions, nothing tried again behind one's back."""

import json
from collections.abc import Iterator, Mapping
from typing import NoReturn

import httpx
from zheng_verifier.canonical import JsonObject, JsonValue, format_json

from zheng_client.answers import Answer
from zheng_client.errors import ProblemError, ServiceUnreachableError

JSON = "application/json"
_PROBLEM = "urn:zheng:problem:"


class Http:
    """One connection pool to one service; paths begin with a slash."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def send(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        files: list[tuple[str, tuple[str, bytes, str]]] | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> httpx.Response:
        """Send a request and give the answer to one that was not refused.

        Raises:
            ServiceUnreachableError, ProblemError: see there.

        """
        try:
            response = self._client.request(
                method, path, content=content, files=files, headers=headers, params=params
            )
        except httpx.HTTPError as error:
            raise ServiceUnreachableError(f"{method} {path}: {type(error).__name__}") from error
        if not response.is_success:
            _refuse(method, path, response)
        return response

    def get(self, path: str, *, params: Mapping[str, str | int] | None = None) -> Answer:
        """Get a JSON answer."""
        return Answer(_json(self.send("GET", path, headers={"Accept": JSON}, params=params)))

    def pages(
        self, path: str, *, params: Mapping[str, str | int] | None = None, cursor: str = "after"
    ) -> Iterator[Answer]:
        """Get the items of a list, page after page; ``cursor`` is the parameter that names the next one."""
        asked: dict[str, str | int] = dict(params or {})
        while True:
            page = self.get(path, params=asked)
            yield from page.objects("data")
            if not page.boolean("has_more"):
                return
            asked[cursor] = page.text("next_cursor")

    def post(self, path: str, body: JsonObject) -> Answer:
        """Post a JSON body and give the JSON answer."""
        return Answer(_json(self.post_for(path, body)))

    def put(self, path: str, body: JsonObject) -> Answer:
        """Put a JSON body and give the JSON answer."""
        return Answer(_json(self.send_json("PUT", path, body)))

    def send_empty(self, path: str) -> Answer:
        """Post without a body and give the JSON answer."""
        return Answer(_json(self.send("POST", path, headers={"Accept": JSON})))

    def send_json(self, method: str, path: str, body: JsonObject) -> httpx.Response:
        """Send a JSON body for an answer that may be empty."""
        headers = {"Content-Type": JSON, "Accept": JSON}
        return self.send(method, path, content=format_json(body), headers=headers)

    def post_for(self, path: str, body: JsonObject, *, accept: str = JSON) -> httpx.Response:
        """Post a JSON body for an answer of any kind."""
        headers = {"Content-Type": JSON, "Accept": accept}
        return self.send("POST", path, content=format_json(body), headers=headers)

    def fetch(self, path: str, accept: str, *, params: Mapping[str, str | int] | None = None) -> bytes:
        """Get the bytes of a file."""
        return self.send("GET", path, headers={"Accept": accept}, params=params).content


def _json(response: httpx.Response) -> JsonValue:
    try:
        value: JsonValue = json.loads(response.content)
    except ValueError as error:
        raise ServiceUnreachableError("an answer is not JSON: is this the right address?") from error
    return value


def _refuse(method: str, path: str, response: httpx.Response) -> NoReturn:
    try:
        document = json.loads(response.content)
    except ValueError:
        document = None
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(kind, str) or not kind.startswith(_PROBLEM):
        raise ServiceUnreachableError(f"{method} {path}: status {response.status_code} from something else")
    answer, index = Answer(document), document.get("index")
    raise ProblemError(
        code=kind.removeprefix(_PROBLEM),
        status=response.status_code,
        title=answer.optional_text("title") or "",
        detail=answer.optional_text("detail") or "",
        field=answer.optional_text("field"),
        expected=answer.optional_text("expected"),
        index=index if isinstance(index, int) else None,
    )
