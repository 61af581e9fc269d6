"""Take the pictures of the signer's pages in docs/images anew: two parties sign a contract, and each page is looked at."""

import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

import structlog
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "portal"), str(ROOT / "tests"), str(ROOT / "bench"), str(ROOT / "docs")]

from chromium import chromium  # noqa: E402  # the paths above lead there
from signing_site import SigningSite, signing_site  # noqa: E402
from take_pictures import IMAGES, reduce  # noqa: E402

MAX_BYTES = 150_000
KEPT = frozenset(
    [
        "link-zh-phone",
        "overview-zh-phone",
        "reading-zh-phone",
        "terms-zh-phone",
        "signature-zh-phone",
        "confirming-zh-phone",
        "signed-zh-phone",
        "complete-zh-phone",
        "overview-en",
        "reading-en",
        "seal-en",
        "confirming-en",
        "complete-en",
        "used-en-phone",
        "refusing-en-phone",
    ]
)
"""What docs/images holds of them: name, language, size."""
SIZES: dict[str, dict[str, Any]] = {
    "-phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "": {"viewport": {"width": 1280, "height": 900}},
}


class Photographer:
    """One signer with a browser of his own, pictured at each step."""

    def __init__(self, browser: Browser, site: SigningSite, folder: Path, language: str, size: str) -> None:
        self.site, self.folder, self.language, self.size = site, folder, language, size
        context = browser.new_context(base_url=site.address, timezone_id="Asia/Shanghai", **SIZES[size])
        self.page: Page = context.new_page()
        self.page.emulate_media(reduced_motion="reduce")

    def take(self, name: str) -> None:
        """Picture what is on the screen."""
        self.page.wait_for_timeout(600)
        view = f"{name}-{self.language}{self.size}"
        if view in KEPT or self.folder != IMAGES:
            reduce(self.page.screenshot(), self.folder / f"signing-{view}.png", limit=MAX_BYTES)

    def show(self, selector: str) -> None:
        """Bring a part to the top of the screen."""
        self.page.locator(selector).evaluate("part => part.scrollIntoView({block: 'start'})")

    def land(self, link: str) -> None:
        self.page.goto(link.replace("/s#", f"/s?lang={self.language}#"))
        self.page.wait_for_selector("#open")

    def enter(self, link: str) -> None:
        self.land(link)
        self.take("link")
        self.page.click("#open")
        self.page.wait_for_selector("#overview:not([hidden])")
        self.take("overview")

    def read(self, *, taking: bool = True) -> None:
        take = self.take if taking else _pass_by
        self.page.click("#begin button")
        self.page.wait_for_selector("[data-drawn]")
        self.page.wait_for_selector(".mark", state="attached")
        self.show(".paper-document")
        take("reading")
        while self.page.is_visible("#next-unread"):
            self.page.click("#next-unread")
            self.page.wait_for_timeout(300)
        take("place")
        for box in self.page.locator("#terms-list input").all():
            box.check()
        self.show("#terms")
        take("terms")
        self.page.click("#read-on")
        self.page.wait_for_selector("#choosing:not([hidden])")

    def draw(self) -> None:
        """Write something like a name."""
        self.page.locator("#pad").wait_for()
        frame = self.page.locator("#pad").bounding_box()
        assert frame is not None
        mouse, left, top = self.page.mouse, frame["x"] + frame["width"] * 0.16, frame["y"] + 40
        strokes: list[list[tuple[float, float]]] = [
            [(0, 8), (40, 2), (70, 4)],
            [(6, 42), (34, 38), (64, 40)],
            [(36, 4), (34, 40), (33, 82)],
            [(-4, 86), (36, 80), (80, 84)],
            [(112, 6), (104, 40), (118, 80)],
            [(112, 8), (150, 2), (146, 34), (118, 40), (150, 46), (148, 74), (116, 78)],
            [(186, 10), (238, 4), (196, 44), (240, 40), (206, 92)],
        ]
        for stroke in strokes:
            mouse.move(left + stroke[0][0], top + stroke[0][1])
            mouse.down()
            for x, y in stroke[1:]:
                mouse.move(left + x, top + y, steps=6)
            mouse.up()

    def confirm(self, phone: str, *, wrong: bool = False) -> None:
        self.page.click("#choosing-form [type=submit]")
        self.page.wait_for_selector("#confirming:not([hidden])")
        self.page.check("#agree")
        self.page.click("#ask")
        self.page.wait_for_selector("#answer-form:not([hidden])")
        if wrong:
            self.take("confirming")
            self.page.fill("#answer", "000000")
            self.page.click("#do-sign")
            self.page.wait_for_selector("#alert:not([hidden])")
            self.take("wrong")
        self.page.fill("#answer", self.site.code(phone))
        self.page.click("#do-sign")
        self.page.wait_for_selector("#outcome:not([hidden])")


def _pass_by(_name: str) -> None:
    """Take no picture."""


def main() -> None:
    """Write the pictures that are kept; or, into a folder that is named, all of them."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    with tempfile.TemporaryDirectory() as home, signing_site(Path(home)) as site, chromium() as browser:
        for language in ("zh", "en"):
            for size in SIZES:
                _contract(browser, site, folder, language, size)


def _contract(browser: Browser, site: SigningSite, folder: Path, language: str, size: str) -> None:
    first, second, third = site.phone(), site.phone(), site.phone()
    company = site.sealed_person(second)
    parties = ({"name": "王建国", "phone": first}, {"account": company, "group": 2})
    site.sent(*parties)
    link = site.link(first)
    one = Photographer(browser, site, folder, language, size)
    one.enter(link)
    one.read()
    one.draw()
    one.take("signature")
    one.confirm(first, wrong=True)
    one.take("signed")
    used = Photographer(browser, site, folder, language, size)
    used.land(link)
    used.page.click("#open")
    used.page.wait_for_selector("#used:not([hidden])")
    used.take("used")
    two = Photographer(browser, site, folder, language, size)
    two.land(site.link(second))
    two.page.click("#open")
    two.page.wait_for_selector("#overview:not([hidden])")
    two.read(taking=False)
    two.page.check("#kind-seal input")
    two.page.check("input[name=seal]")
    two.take("seal")
    two.confirm(second)
    site.anchor()
    two.page.wait_for_timeout(4000)
    two.take("complete")
    two.page.click("#outcome-actions button")
    two.page.wait_for_selector("[data-drawn]")
    site.sent({"name": "周一", "phone": third})
    three = Photographer(browser, site, folder, language, size)
    three.land(site.link(third))
    three.page.click("#open")
    three.page.wait_for_selector("#overview:not([hidden])")
    three.page.click("#refuse summary")
    three.show("#others")
    three.take("refusing")
    for each in (one, two, three, used):
        each.page.context.close()


if __name__ == "__main__":
    main()
