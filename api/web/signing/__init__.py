"""The routes of the signing pipeline: `/v1/signing/…`, one module for each subject."""

from fastapi import APIRouter

from api.web.signing import (
    agreements,
    batches,
    business_types,
    ca,
    certificates,
    contacts,
    contract_steps,
    contracts,
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
    batches.router,
    business_types.router,
    ca.router,
    certificates.router,
    contacts.router,
    contracts.router,
    contract_steps.router,
    documents.router,
    identities.router,
    members.router,
    organisation.router,
    reviews.router,
    seals.router,
    sessions.router,
    templates.router,
)
