"""The routes of the portal, one module for each kind of page."""

from api.web.portal import certificate_page, log_page, lookup, pages, platform_page, verify_page

ROUTERS = (
    pages.router,
    lookup.router,
    verify_page.router,
    certificate_page.router,
    log_page.router,
    platform_page.router,
)
