"""Cases and events over HTTP: receipts that prove themselves, repetition, closing, pages of lists."""

from api_world import new_id, viewed


def test_opening_a_case_answers_with_a_proof(world, tenant):
    """The answer to an opening is a receipt whose path leads to the signed root."""
    answer = tenant.post("/v1/cases", {"id": new_id(), "kind": "contract", "external_ref": "HT-1"})
    assert answer.status_code == 201
    receipt = answer.json()
    print(receipt)
    answer = tenant.deposit(receipt["case"])
    print(answer.text)
    assert answer.status_code == 201
