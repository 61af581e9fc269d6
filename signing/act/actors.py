"""Who confirmed, and from where: kept with the act, so that it goes on after a crash as the same person's act."""

import json
from typing import Any

from signing.principal import Principal, Role, Seen


def format_actor(by: Principal) -> bytes:
    """Write who acts; the caller seals it."""
    kept = {
        "kind": by.kind,
        "account": by.account,
        "party": by.party,
        "contract": by.contract,
        "session": by.session,
        "roles": sorted(map(str, by.roles)),
        "seen": [by.seen.ip, by.seen.user_agent, by.seen.terminal],
    }
    return json.dumps(kept, ensure_ascii=False).encode()


def parse_actor(data: bytes, tenant: str) -> Principal:
    """Read who acted, as ``format_actor`` wrote it."""
    kept: dict[str, Any] = json.loads(data)
    return Principal(
        tenant,
        kept["kind"],
        account=kept["account"],
        roles=frozenset(map(Role, kept["roles"])),
        party=kept["party"],
        contract=kept["contract"],
        session=kept["session"],
        seen=Seen(*kept["seen"]),
    )
