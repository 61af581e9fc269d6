"""The routes of the signing pipeline: `/v1/signing/…`, one module for each subject."""

from fastapi import APIRouter

from api.web.signing import (
    agreements,
    business_types,
    ca,
    certificates,
    contacts,
    documents,
    identities,
    members,
    organisation,
    reviews,
    seals,
    sessions,
    templates,
)

ROUTERS: tuple[APIRouter, ...] = (
    agreements.router,
    business_types.router,
    ca.router,
    certificates.router,
    contacts.router,
    documents.router,
    identities.router,
    members.router,
    organisation.router,
    reviews.router,
    seals.router,
    sessions.router,
    templates.router,
)
