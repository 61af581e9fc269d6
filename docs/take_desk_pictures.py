"""Take the pictures of the desk in docs/images anew: a contract is placed, sent and looked at, with its evidence."""

import logging
import sys
import tempfile
from pathlib import Path

import structlog
from playwright.sync_api import Browser, Page, ViewportSize

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / name) for name in ("tests/portal", "tests/api", "tests", "bench", "docs")]

from chromium import chromium  # noqa: E402  # the paths above lead there
from desk_visits import set_up  # noqa: E402
from signing_site import SigningSite, lease, signing_site, until  # noqa: E402
from take_pictures import IMAGES, reduce  # noqa: E402

SIZE: ViewportSize = {"width": 1280, "height": 960}
LANGUAGES = ("zh", "en")
TITLE = "房屋租赁合同（海淀区学院路 9 号）"
PARTIES = ((1, "张三", "13900000001"), (2, "示例贸易有限公司", "hr@example.org"))
PLACES = (("signature", 1, 0.3), ("seal", 2, 0.7))


class Photographer:
    """A member of the desk, who is logged in."""

    def __init__(self, browser: Browser, site: SigningSite, folder: Path) -> None:
        self.site, self.folder = site, folder
        context = browser.new_context(base_url=site.address, viewport=SIZE, timezone_id="Asia/Shanghai")
        self.page: Page = context.new_page()
        self.page.emulate_media(reduced_motion="reduce")
        self.keeper = site.keeper("王经理", "wang", "super_admin")
        set_up(self.page, site.world, site.setup(self.keeper))

    def take(self, name: str, path: str, *, ready: str = "h1", show: str = "") -> None:
        """Picture a page in both languages."""
        for language in LANGUAGES:
            self.page.goto(f"{path}?lang={language}")
            self.page.wait_for_selector(ready)
            if show:
                self.page.locator(show).first.evaluate("part => part.scrollIntoView({block: 'center'})")
            self.page.wait_for_timeout(500)
            reduce(self.page.screenshot(), self.folder / f"desk-{name}-{language}.png")

    def drafted(self) -> str:
        """Draft a contract by the pages, with a place for each party; gives its path."""
        page = self.page
        page.goto("/desk/contracts/new?lang=zh")
        page.fill("#title", TITLE)
        page.set_input_files("#file", {"name": "lease.pdf", "mimeType": "application/pdf", "buffer": lease()})
        page.select_option("#scene", "house_renting")
        for number, name, target in PARTIES:
            page.fill(f"#name-{number}", name)
            page.fill(f"#target-{number}", target)
        page.select_option("#kind-2", "organization")
        page.locator(".bar.end button").click()
        page.wait_for_selector("[data-ready]")
        for kind, party, across in PLACES:
            self._drag(kind, party, across)
        page.click("#save")
        page.wait_for_timeout(1000)
        placing = page.url.partition("?")[0].removeprefix(self.site.address)
        self.take("placing", placing, ready=".control-box", show=".control-box")
        return placing.partition("/documents/")[0]

    def _drag(self, kind: str, party: int, across: float) -> None:
        page = self.page
        page.select_option("#for-party", str(party))
        tool = page.locator(f"[data-kind={kind}]").bounding_box()
        paper = page.locator(".paper-page").first.bounding_box()
        assert tool is not None
        assert paper is not None
        page.mouse.move(tool["x"] + 10, tool["y"] + 8)
        page.mouse.down()
        page.mouse.move(paper["x"] + 40, paper["y"] + 40, steps=3)
        page.mouse.move(paper["x"] + paper["width"] * across, paper["y"] + paper["height"] * 0.6, steps=3)
        page.mouse.up()


def main() -> None:
    """Write the pictures, or write them into a folder that is named."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    with tempfile.TemporaryDirectory() as home, signing_site(Path(home)) as site, chromium() as browser:
        one = Photographer(browser, site, folder)
        seal = site.granted_seal(one.keeper)
        contract = one.drafted()
        page = one.page
        page.goto(f"{contract}?lang=zh")
        until(lambda: page.reload() and page.get_by_role("button", name="发送签署").count())
        page.get_by_role("button", name="发送签署").click()
        page.wait_for_selector(".notice.done")
        until(lambda: page.reload() and not page.locator(".notice.waiting").count())
        one.take("contract", contract)
        one.take("evidence", f"{contract}/evidence")
        one.take("overview", "/desk")
        one.take("new-contract", "/desk/contracts/new")
        one.take("seal", f"/desk/seals/{seal}")


if __name__ == "__main__":
    main()
