"""Why a document is not accepted."""


class UnacceptableError(Exception):
    """A document is refused: ``code`` is a row of the table of refusals, ``detail`` one English sentence.

    ``detail`` quotes nothing that the document says, but for short names checked by a pattern.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def malformed(detail: str) -> UnacceptableError:
    """Give the refusal of a file that is not what its first bytes say."""
    return UnacceptableError("document-malformed", detail)


def too_much(detail: str) -> UnacceptableError:
    """Give the refusal of a file that asks for more than is given to one."""
    return UnacceptableError("document-limit", detail)
