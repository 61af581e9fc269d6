"""What may go wrong between the dossier and the evidence service.

NotaryError
├─ UnavailableNotaryError   no answer, or "not now": nobody knows whether it was kept; the same is sent again
├─ RefusedNotaryError       refused for good as it stands; ``code`` is the service's own (``api.problems.KINDS``)
└─ UnprovenReceiptError     an answer that does not prove what it should: nothing is marked as done
"""


class NotaryError(Exception):
    """Base: the text is one English sentence without personal data."""


class UnavailableNotaryError(NotaryError):
    """Send the same again, with the same ids."""


class RefusedNotaryError(NotaryError):
    """The service took nothing of the request."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class UnprovenReceiptError(NotaryError):
    """The receipt does not hold against the log's key, or is of something else than was sent."""
