"""Nobody gets anything of the pipeline without being let in first: every operation, as the OpenAPI document names it."""

import re

import pytest
from api_world import new_id

from api.accounts.apikeys import SCOPES

OTHERS = {scope for scope in SCOPES if not scope.startswith("signing:")}


@pytest.fixture(scope="module")
def operations(world):
    """Every operation below /v1/signing with whether it asks for a key, its path filled with ids that name nothing."""
    return [
        (method.upper(), re.sub(r"\{[^}]*\}", lambda _name: new_id(), path), bool(operation.get("security")))
        for path, methods in world.app.openapi()["paths"].items()
        if path.startswith("/v1/signing/")
        for method, operation in methods.items()
    ]


def test_what_is_open_to_everybody_is_a_short_list(world, operations):
    """Only logging in, redeeming a link, an authority's publications and texts of agreements need no key."""
    found = {re.sub(r"/[0-9a-f-]{36}", "/{}", path) for _, path, keyed in operations if not keyed}
    assert found <= OPEN


OPEN = {
    "/v1/signing/agreements",
    "/v1/signing/agreements/{}/{}",
    "/v1/signing/ca/practice",
    "/v1/signing/ca/{}.cer",
    "/v1/signing/ca/{}.crl",
    "/v1/signing/ca/ocsp",
    "/v1/signing/ca/ocsp/{}",
    "/v1/signing/identity-callbacks",
    "/v1/signing/identity-methods",
    "/v1/signing/party-sessions",
    "/v1/signing/party-sessions/renewals",
    "/v1/signing/sessions",
    "/v1/signing/sessions/setup",
    "/v1/signing/sessions/setup/answer",
}


def test_nothing_is_done_for_a_stranger_or_for_a_key_of_other_scopes(world, operations):
    """Without a key 401; with one that has every scope but the pipeline's 403: before anything of the request is read."""
    tenant = world.tenant(scopes=OTHERS)
    wrong = []
    for method, path, keyed in operations:
        if not keyed:
            continue
        for key, status in ((None, {401}), (tenant.key, {401, 403})):
            answer = world.request(method, path, key=key)
            if answer.status_code not in status:
                wrong.append((method, path, key is not None, answer.status_code, answer.text[:80]))
    assert wrong == []


def test_another_tenants_key_finds_nothing(world, operations):
    """A key with every scope of a tenant that has nothing gets nothing by an id: not found, or not for programs."""
    tenant = world.tenant()
    seen = [
        (method, path, world.request(method, path, key=tenant.key).status_code)
        for method, path, keyed in operations
        if keyed and method == "GET" and re.search(r"/[0-9a-f-]{36}$", path)
    ]
    assert {status for *_, status in seen} <= {401, 403, 404, 422}
    assert len(seen) > 5
