"""What a call may come to.

ZhengError
├─ ServiceUnreachableError   no answer: nobody knows whether it was done; send the same again, with the same ids
├─ ProblemError              the service refused: an RFC 9457 document; nothing was written
└─ UnprovenError             an answer that does not prove, or does not say, what it should
"""


class ZhengError(Exception):
    """Base of all errors of this client; the text is one English sentence."""


class ServiceUnreachableError(ZhengError):
    """There was no answer, or none that can be one of the service."""


class ProblemError(ZhengError):
    """A refusal. ``code`` is stable (`docs/spec/api.md`), ``field`` a JSON Pointer, ``index`` a place in a batch.

    ``retry`` tells whether the very same request may be sent again later: the service was busy or not ready.
    """

    def __init__(
        self,
        *,
        code: str,
        status: int,
        title: str,
        detail: str,
        field: str | None,
        expected: str | None,
        index: int | None,
    ) -> None:
        super().__init__(f"{code}: {detail or title}")
        self.code = code
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field
        self.expected = expected
        self.index = index

    @property
    def retry(self) -> bool:
        """Tell whether the same may be sent again: 429 and what was the service's own trouble."""
        return self.status == 429 or self.status >= 500


class UnprovenError(ZhengError):
    """A receipt does not hold against the log's key, or an answer has not the members it must have."""
