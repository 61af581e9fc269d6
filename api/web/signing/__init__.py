"""The routes of the signing pipeline: `/v1/signing/…`, one module for each subject."""

from fastapi import APIRouter

from api.web.signing import ca, certificates, documents, seals, templates

ROUTERS: tuple[APIRouter, ...] = (ca.router, certificates.router, documents.router, seals.router, templates.router)
