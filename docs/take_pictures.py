"""Take the pictures of the portal in docs/images anew: plays the demonstration, serves it, and looks at it in Chromium."""

import io
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tests")]

from chromium import chromium  # noqa: E402  # the path above leads there
from measuring import serving, zheng  # noqa: E402

IMAGES = ROOT / "docs" / "images"
NUMBER = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]\b")
MAX_BYTES = 250_000
COLOURS = 255
DESKTOP, PHONE = (1100, 1000), (390, 844)


def main() -> None:
    """Write every picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        zheng(folder, "demo")
        command = [sys.executable, "-m", "api.cli", "serve", "--json"]
        with serving(command, folder) as site, chromium() as browser:
            _take_all(browser, site, folder / "demo")


def _take_all(browser: Browser, site: str, evidence: Path) -> None:
    number = _number_of(browser, site, evidence / "certificate.pdf")
    for language in ("zh", "en"):
        _take(browser, f"{site}/?lang={language}", f"portal-home-{language}")
    _take(browser, f"{site}/?lang=zh", "portal-phone-zh", size=PHONE)
    _take(browser, f"{site}/log?lang=en", "portal-log-en")
    _take(browser, f"{site}/p/{number}?lang=zh", "portal-certificate-zh")
    result = _verify(browser, site, evidence)
    for language in ("zh", "en"):
        _take(browser, f"{result}?lang={language}", f"portal-result-{language}")


def _page(browser: Browser, size: tuple[int, int]) -> Page:
    return browser.new_page(viewport={"width": size[0], "height": size[1]})


def _take(browser: Browser, address: str, name: str, *, size: tuple[int, int] = DESKTOP) -> None:
    page = _page(browser, size)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    reduce(page.screenshot(), IMAGES / f"{name}.png")
    page.close()


def reduce(picture: bytes, path: Path, *, limit: int = MAX_BYTES) -> None:
    """Keep a picture with few colours: pages have few, and pictures are fetched by everybody."""
    reduced = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
    reduced.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.name}: {size} bytes")
    if size > limit:
        raise ValueError(f"{path.name} is too large")


def _submit(browser: Browser, site: str, field: str, evidence: Path, documents: list[Path]) -> Page:
    page = _page(browser, DESKTOP)
    page.goto(f"{site}/?lang=en")
    page.set_input_files(field, evidence)
    if documents:
        page.locator("form:has(#documents) summary").click()
        page.set_input_files("#documents", documents)
    page.locator(f"form:has({field}) > button").click()
    page.wait_for_url("**/results/**")
    return page


def _verify(browser: Browser, site: str, folder: Path) -> str:
    documents = sorted((folder / "documents").glob("*.pdf"))
    page = _submit(browser, site, "#package", folder / "bundle.json", documents)
    address = page.url.partition("?")[0]
    page.close()
    return address


def _number_of(browser: Browser, site: str, certificate: Path) -> str:
    page = _submit(browser, site, "#certificate", certificate, [])
    (number, *_) = NUMBER.findall(page.content())
    page.close()
    return str(number)


if __name__ == "__main__":
    main()
