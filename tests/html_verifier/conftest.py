"""One browser for all tests of the HTML verifier: Chromium, no network, the committed file from disk."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parent))

from html_cases import VERIFIER  # the path above leads there
from html_page import Verifier


@pytest.fixture(scope="session")
def core() -> Path:
    """Build the tests of the core for Node.js; gives the folder they are in."""
    subprocess.run(["node", "build.js", "--tests"], cwd=VERIFIER, check=True)
    return VERIFIER / ".cache"


@pytest.fixture(scope="session")
def english(browser: Browser) -> Iterator[Verifier]:
    """The page in English, for a whole run: one case after the other, as a clerk would work."""
    context = browser.new_context(locale="en-GB", offline=True)
    verifier = Verifier(context.new_page())
    yield verifier
    assert verifier.errors == []
    assert [url for url in verifier.requests if not url.startswith(("file:", "blob:"))] == []
    context.close()
