"""The routes of the portal, one module for each kind of page."""

from api.web.portal import certificate_page, log_page, lookup, pages, platform_page, verify_page
from api.web.portal.desk.routes import ROUTERS as DESK
from api.web.portal.signing import pages as signing_pages

ROUTERS = (
    pages.router,
    lookup.router,
    verify_page.router,
    certificate_page.router,
    log_page.router,
    platform_page.router,
    signing_pages.router,
    *DESK,
)
