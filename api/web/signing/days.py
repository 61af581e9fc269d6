"""Days as they are given: in a body, whose fields begin with a slash, or in the address."""

from datetime import date

from api.problems import ProblemError


def day_of(text: str, name: str) -> date | None:
    """Read a day, None for no text.

    Raises:
        ProblemError: field-value, parameter-invalid.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        code = "field-value" if name.startswith("/") else "parameter-invalid"
        raise ProblemError(code, field=name, expected="2026-12-31") from None
