"""The portal as a person meets it: from choosing a file of 10 MB in a browser to the page with the answer.

The file is hashed in the browser; only its digest travels. Compared in turns with two limits: hashing the same bytes in
the same browser without a page, and loading a page without a file.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measuring import Report, serving, take_turns, zheng
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from chromium import chromium  # the path above leads there

ROUNDS = 15
SIZE = 10_000_000
HASH = """async () => {
    const data = await document.getElementById("kept").files[0].arrayBuffer();
    const began = performance.now();
    await crypto.subtle.digest("SHA-256", data);
    return performance.now() - began;
}"""


def main() -> None:
    """Serve an empty installation, ask for a file it does not know, and write the results."""
    report = Report(
        "portal", "a file of 10 MB: chosen, hashed in the browser, looked up, answered with a page"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "contract.pdf"
        file.write_bytes(os.urandom(SIZE))
        zheng(folder, "init")
        command = [sys.executable, "-m", "api.cli", "serve", "--json"]
        settings = {"ZHENG_LIMITS__PUBLIC_RATE": "1000", "ZHENG_LIMITS__PUBLIC_BURST": "1000"}
        with serving(command, folder, **settings) as site, chromium() as browser:
            measure(report, browser.new_page(), site, file)
    report.write()


def measure(report: Report, page: Page, site: str, file: Path) -> None:
    """Let the flow and its limits take turns."""
    figures = take_turns(
        {
            "zheng: from choosing the file to the result page": _find(page, site, file),
            "limit: hashing it in this browser": _hash(page, site, file),
            "limit: a page without a file": _load(page, site),
        },
        rounds=ROUNDS,
        unit="ms",
    )
    report.add("a file of 10 MB", figures, compared="in turns, one browser", more_is_better=False)


def _find(page: Page, site: str, file: Path) -> Callable[[], float]:
    def act() -> float:
        page.goto(site)
        began = time.perf_counter()
        page.set_input_files("#file", file)
        page.wait_for_url("**/find**")
        return (time.perf_counter() - began) * 1e3

    return act


def _hash(page: Page, site: str, file: Path) -> Callable[[], float]:
    def act() -> float:
        page.goto(site)
        page.evaluate("document.getElementById('policy').id = 'kept'")
        page.set_input_files("#kept", file)
        return float(page.evaluate(HASH))

    return act


def _load(page: Page, site: str) -> Callable[[], float]:
    def act() -> float:
        began = time.perf_counter()
        page.goto(f"{site}/offline")
        return (time.perf_counter() - began) * 1e3

    return act


if __name__ == "__main__":
    main()
