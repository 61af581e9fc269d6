"""Logs: one JSON object a line on standard error, with nothing in it that must not be kept.

A last processor drops what looks like a secret or a personal value, whoever logged it.
"""

import logging
import re
import sys
from typing import Any

import structlog

_SECRET_NAMES = frozenset(
    {"authorization", "api_key", "secret", "token", "password", "private", "disclosures", "body", "data"}
)
_SECRET_TEXT = re.compile(r"zk_live_[a-z2-7]{16}_[A-Za-z0-9_-]{43}")
_REDACTED = "[redacted]"


def redact(_logger: Any, _method: str, event: Any) -> Any:
    """Replace secrets by name, and API keys wherever they stand in a text."""
    for name, value in event.items():
        if name in _SECRET_NAMES:
            event[name] = _REDACTED
        elif isinstance(value, str):
            event[name] = _SECRET_TEXT.sub(_REDACTED, value)
    return event


def configure_logs(level: str) -> None:
    """Set up structlog and the libraries' logging for this process; uvicorn's access log stays off."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
