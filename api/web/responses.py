"""How answers leave: problem documents, canonical JSON, and choosing a media type by `Accept`."""

from collections.abc import Mapping, Sequence

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope
from zheng_verifier.canonical import JsonObject, JsonValue, format_json

from api.problems import MEDIA_TYPE, ProblemError, prefers_chinese, problem_document


def json_response(
    value: "JsonValue | Mapping[str, JsonValue]",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with JSON in canonical form, so that equal answers are equal bytes."""
    return Response(format_json(value), status, dict(headers or {}), media_type="application/json")


def page_response(bodies: Sequence[JsonObject], cursors: Sequence[object], limit: int) -> Response:
    """Answer with one page of a list, of which one more than fits was read; a row's cursor leads behind it."""
    shown: list[JsonValue] = list(bodies[:limit])
    answer: JsonObject = {"data": shown, "has_more": len(bodies) > limit}
    if len(bodies) > limit:
        answer["next_cursor"] = str(cursors[limit - 1])
    return json_response(answer)


def problem_response(problem: ProblemError, scope: Scope) -> Response:
    """Answer with a problem document (RFC 9457) in the language the client prefers."""
    chinese = prefers_chinese(Headers(scope=scope).get("accept-language", ""))
    document = problem_document(
        problem, request_id=scope.get("state", {}).get("request_id", ""), chinese=chinese
    )
    headers = problem.headers | {"Content-Language": "zh-CN" if chinese else "en"}
    if problem.kind.status == 401:
        headers.setdefault("WWW-Authenticate", 'Bearer realm="zheng"')
    if problem.kind.status in (429, 503):
        headers.setdefault("Retry-After", "2")
    return Response(format_json(document), problem.kind.status, headers, media_type=MEDIA_TYPE)


def choose(accept: str, offered: Sequence[str]) -> str:
    """Choose one of the ``offered`` media types by an `Accept` header (RFC 9110 §12.5.1); the first by default.

    Raises:
        ProblemError: not-acceptable.
    """
    best: tuple[float, int, str] | None = None
    for part in (accept or "*/*").split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((_quality(each[2:]) for each in parameters if each.startswith("q=")), 1.0)
        for rank, media_type in enumerate(offered):
            exact = name == media_type.lower()
            if quality > 0 and (
                exact or name == "*/*" or name == media_type.partition("/")[0].lower() + "/*"
            ):
                candidate = (quality + (0.0005 if exact else 0.0), -rank, media_type)
                best = candidate if best is None else max(best, candidate)
    if best is None:
        raise ProblemError("not-acceptable", expected=", ".join(offered))
    return best[2]


def _quality(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0
