"""What the signing pipeline refuses, as problems of the API."""

from api.problems import KINDS, ProblemError
from signing.errors import Refused
from signing.people.throttle import PausedError

_RETRY_SECONDS = "5"


def problem_of(refused: Refused) -> ProblemError:
    """Turn a refusal into its problem by its code; one that says "not now" says when to ask again."""
    seconds = str(refused.seconds) if isinstance(refused, PausedError) else _RETRY_SECONDS
    headers = {"Retry-After": seconds} if KINDS[refused.code].status in (429, 503) else {}
    return ProblemError(
        refused.code,
        refused.detail,
        field=refused.field or None,
        expected=refused.expected or None,
        headers=headers,
    )
