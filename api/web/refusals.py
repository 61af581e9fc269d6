"""Refusals as whoever asked can read them: a page for a person's browser, a problem document for a program."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api.problems import ProblemError
from api.web.portal.rendering import problem_page, wants_page
from api.web.responses import problem_response


def refuse(problem: ProblemError, scope: Scope) -> Response:
    """Answer a request that is refused, wherever on its way in that happened."""
    request = Request(scope)
    return problem_page(request, problem) if wants_page(request) else problem_response(problem, scope)
