"""The routes of the HTTP API, one module for each resource."""

from api.web.routes import (
    bundles,
    cases,
    certificates,
    documents,
    events,
    health,
    jobs,
    log,
    proofs,
    submissions,
    submitters,
    verify,
)

ROUTERS = (
    cases.router,
    events.router,
    proofs.router,
    documents.router,
    submitters.router,
    bundles.router,
    certificates.router,
    jobs.router,
    submissions.router,
    verify.router,
    log.router,
    health.router,
)
