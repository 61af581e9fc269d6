"""The index of the formats names every page, and the page about the HTTP API every route."""

import re

from docs_pages import FENCE, LINK, ROOT

from api.web.routes import ROUTERS

SPEC = ROOT / "docs" / "spec"
CALL = re.compile(r"`(GET|POST|PUT|DELETE) (/[^\s`?]*)")


def test_every_format_is_in_the_index():
    """Each page of docs/spec is linked from its index, once, with a line that says what it is."""
    index = (SPEC / "README.md").read_text(encoding="utf-8")
    linked = [link["target"] for link in LINK.finditer(index) if "/" not in link["target"]]
    assert sorted(linked) == sorted(page.name for page in SPEC.glob("*.md") if page.name != "README.md")


def test_every_route_is_on_the_page():
    """Method and path of each route of the API stand on its page, and each that stands there is one."""
    page = FENCE.sub("", (SPEC / "api.md").read_text(encoding="utf-8")).replace("/tile/…", "/tile/{path}")

    def shape(path):
        return re.sub(r"\{[^}]*\}", "{}", path)

    routes = {
        (method, shape(route.path))
        for router in ROUTERS
        for route in router.routes
        for method in route.methods
    }
    told = {(method, shape(path)) for method, path in CALL.findall(page)}
    pdf = ("GET", "/v1/certificates/{}.pdf")
    assert (routes - told - {pdf}, "`GET /v1/certificates/{no}` (`.pdf`)" in page) == (set(), True)
    assert told - routes == {("GET", "/p/{}")}  # a page of the portal
