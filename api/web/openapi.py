"""The OpenAPI 3.1 document: FastAPI's own, with our models, and without what FastAPI only supposes."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from api.web.bodies import Body
from api.web.schemas import ANSWERS

DESCRIPTION = """\
Blockchain evidence for electronic contracts. A signing platform deposits the events of a contract's life; the answer
to each is its proof in a public Merkle log. Errors are RFC 9457 problem documents whose `type` is
`urn:zheng:problem:<code>`; the table is in docs/spec/api.md.
"""


def describe(app: FastAPI) -> None:
    """Give the application its OpenAPI document, made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = _fastapi_document(app)
            components = schema.setdefault("components", {}).setdefault("schemas", {})
            _, definitions = models_json_schema(
                [(model, "validation") for model in (*_bodies(Body), *ANSWERS)],
                ref_template="#/components/schemas/{model}",
            )
            components.update(definitions["$defs"])
            # Bodies and parameters are refused by our own problem documents, never by FastAPI's.
            for name in ("HTTPValidationError", "ValidationError"):
                components.pop(name, None)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _bodies(base: type[Body]) -> Iterator[type[Body]]:
    """Give every model of a request body: routes read them by themselves, so that FastAPI knows of none."""
    for model in base.__subclasses__():
        if model.__module__.startswith("api."):
            yield model
            yield from _bodies(model)


def _fastapi_document(app: FastAPI) -> dict[str, Any]:
    from fastapi.openapi.utils import get_openapi

    return get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary=app.summary,
        description=DESCRIPTION,
        routes=app.routes,
    )
