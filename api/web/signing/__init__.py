"""The routes of the signing pipeline: `/v1/signing/…`, one module for each subject."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
