"""What holds for every run: a test may be skipped only for a reason on the short written list, any other skip fails it.

And how properties are tried: in `make test` fewer times and with the same draws for the same tree, so that its coverage
gate judges the tree and not the draw; a hundred fresh draws on the other Python, and where somebody runs a file by hand.
"""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("every-run", max_examples=40, derandomize=True)

_ALLOWED = Path(__file__).parent / "tests" / "allowed_skips.txt"


def _allowed() -> list[str]:
    return [line for line in _ALLOWED.read_text().splitlines() if line and not line.startswith("#")]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that skipped something for a reason nobody wrote down."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    reasons = {str(report.longrepr[2]) for report in reporter.stats.get("skipped", []) if report.longrepr}
    foreign = sorted(reason for reason in reasons if not any(text in reason for text in _allowed()))
    if foreign:
        reporter.write_line("")
        for reason in foreign:
            reporter.write_line(f"ERROR not on the list of allowed skips: {reason}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
