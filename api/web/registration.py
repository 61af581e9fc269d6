"""Registers submitter keys: the proof of possession, the entry in the log's own case, and the policy that follows."""

from zheng_verifier.canonical import JsonObject, format_json
from zheng_verifier.claim import Claim, format_claim
from zheng_verifier.encoding import format_base64, format_base64url, parse_base64
from zheng_verifier.errors import EvidenceError
from zheng_verifier.jws import KEY_TYPE, check_public_key, key_fingerprint, verify_jws

from api.accounts.store import SubmitterKey
from api.issuance.policy_export import write_policy
from api.problems import ProblemError
from api.services import Services
from api.web.bodies import malformed
from api.web.schemas import SubmitterKeyRequest
from ledger.deposit import Deposit
from ledger.receipts import Receipt
from ledger.service import SERVICE


def registration(body: SubmitterKeyRequest, services: Services, tenant: str) -> Deposit:
    """Check a registration and make its `key.registered`, which stands in the log's own case.

    Raises:
        ProblemError: field-value, key-proof-invalid.
    """
    spki = _spki(body)
    statement = format_json(body.statement)
    expected = {"zheng": "key/v1", "log": services.ledger.origin, "tenant": tenant}
    if body.statement != expected:
        raise ProblemError(
            "key-proof-invalid",
            "The statement must name this log and this tenant, and nothing else.",
            field="/statement",
            expected=format_json(expected).decode(),
        )
    try:
        algorithm = check_public_key(spki)
        verify_jws(body.jws, statement, spki, typ=KEY_TYPE)
    except EvidenceError as error:
        raise ProblemError("key-proof-invalid", f"{error.detail}.", field="/jws") from error
    protected, _, signature = body.jws.split(".")
    data: JsonObject = {
        "tenant": tenant,
        "kid": format_base64url(key_fingerprint(spki)),
        "spki": format_base64(spki),
        "algorithm": algorithm,
        # The statement inside, so that anybody who holds the entry can check the proof again.
        "possession": f"{protected}.{format_base64url(statement)}.{signature}",
    }
    operator = services.ledger.operator
    claim = Claim(
        services.ledger.origin, operator, services.ledger.log_case, body.id, "key.registered/1", data
    )
    asked = format_json(["key.registered", tenant, body.key, body.jws])
    return Deposit(operator, format_claim(claim), SERVICE, request_mac_input=asked)


def key_of(body: SubmitterKeyRequest, receipt: Receipt, services: Services, tenant: str) -> SubmitterKey:
    """Give the record of a key whose registration stands in the log."""
    spki = _spki(body)
    owner = services.store.tenant(tenant)
    return SubmitterKey(
        tenant_id=tenant,
        kid=format_base64url(key_fingerprint(spki)),
        spki=spki,
        organisation="" if owner is None else owner.name,
        registered_index=receipt.leaf_index,
        event_id=receipt.event_id,
        created_at=services.clock(),
    )


def publish_policy(services: Services) -> None:
    """Write the trust policy anew after a change."""
    write_policy(
        services.settings,
        ledger=services.ledger,
        store=services.store,
        anchors=services.anchors,
        now=services.clock(),
    )


def _spki(body: SubmitterKeyRequest) -> bytes:
    try:
        return parse_base64(body.key, where="/key")
    except EvidenceError as error:
        raise malformed(error) from error
