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
    custody,
    deliveries,
    documents,
    identities,
    members,
    organisation,
    party_sessions,
    reviews,
    seals,
    sessions,
    simulators,
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
    custody.router,
    deliveries.router,
    documents.router,
    identities.router,
    members.router,
    organisation.router,
    party_sessions.router,
    reviews.router,
    seals.router,
    sessions.router,
    simulators.router,
    templates.router,
)
