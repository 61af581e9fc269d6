"""The routes of the portal, one module for each kind of page."""

from api.web.portal import log_page, lookup, pages

ROUTERS = (pages.router, lookup.router, log_page.router)
