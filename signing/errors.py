"""What the pipeline refuses: one exception, told apart by its code.

Refused
└─ subclasses only where some code of ours has to catch one kind and no other

The API turns a refusal into a problem document (RFC 9457) by its code, a row of ``api.problems.KINDS``.
"""


class Refused(Exception):  # noqa: N818  # it is an answer to somebody, not a fault of the program
    """A request that was refused; nothing was written.

    ``code`` is stable and kebab-case, ``detail`` one English sentence that names nothing of another tenant, ``field`` a
    JSON Pointer (RFC 6901) into the request, ``expected`` what would be right.
    """

    def __init__(self, code: str, detail: str = "", field: str = "", expected: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.field = field
        self.expected = expected
