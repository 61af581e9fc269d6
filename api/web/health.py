"""The state of an installation, for `/readyz`, `/metrics` and `zheng status`."""

from zheng_verifier.canonical import JsonObject, JsonValue

from anchor.store import ServiceState
from api.services import Services
from ledger.service import LedgerStatus


def readiness(services: Services) -> JsonObject:
    """Say how the log, the authorities and the chains are doing: ready, degraded or stopped."""
    status = services.ledger.status()
    outside = services.anchors.services()
    anchored = services.anchors.newest_anchored_size()
    services.metrics.set_log(size=status.signed_size, anchored=anchored)
    return write_state(status, outside, anchored)


def write_state(status: LedgerStatus, outside: tuple[ServiceState, ...], anchored: int) -> JsonObject:
    """Write the state; no error text of an outside service goes to strangers, only that there is one."""
    down: list[JsonValue] = [state.name for state in outside if state.failures]
    word = "stopped" if status.stopped is not None else "degraded" if down else "ready"
    body: JsonObject = {
        "status": word,
        "log": {
            "origin": status.origin,
            "size": status.signed_size,
            "unsigned": status.size - status.signed_size,
            "unanchored": max(0, status.signed_size - anchored),
        },
        "down": down,
        "warnings": list(status.warnings),
    }
    if status.stopped is not None:
        body["stopped"] = status.stopped.partition(":")[0]
    return body
