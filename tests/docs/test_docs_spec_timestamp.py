"""The example of docs/spec/timestamp.md is what the issuer makes, and proves what the page says."""

import base64
import re
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from zheng_verifier.encoding import format_time
from zheng_verifier.errors import EvidenceError
from zheng_verifier.timestamp import IMPRINT_ALGORITHMS, TrustedTsa, verify_timestamp
from zheng_verifier.timestamp.algorithms import digest

from anchor.tsa_issuer import POLICY_OID, answer_query, create_identity
from anchor.tsq import format_request

SPEC = Path(__file__).resolve().parent.parent.parent / "docs" / "spec"
PAGE = (SPEC / "timestamp.md").read_text("utf-8")
NONCE = 0x0102030405060708


def _block(name):
    (text,) = re.findall(rf"```{name}\n(.*?)```", PAGE, re.DOTALL)
    return text


def _bytes(name):
    return base64.b64decode(_block(name).replace("\n", ""), validate=True)


def _message():
    page = (SPEC / "checkpoint.md").read_text("utf-8")
    (note,) = re.findall(r"vector: checkpoint / eleven leaves -->\n```\n(.*?)```", page, re.DOTALL)
    return note.encode()


def _trusted():
    return TrustedTsa("example", (_bytes("root"),), (), (POLICY_OID,), IMPRINT_ALGORITHMS, test=True)


def test_the_example_is_what_the_issuer_makes():
    """Request, certificates and response come out again, byte for byte, from the same clock and randomness."""
    numbers = count()

    def random(size):
        return digest("sha512", b"docs/spec/timestamp.md %d" % next(numbers))[:size]

    identity = create_identity(now=datetime(2026, 1, 1, tzinfo=UTC), random=random)
    query = format_request(digest("sha256", _message()), NONCE)
    now = datetime(2026, 11, 22, 17, 0, 0, 123_000, tzinfo=UTC)
    response = answer_query(query, identity, now=now, random=random)
    assert (_bytes("request"), _bytes("root"), _bytes("response")) == (query, identity.root, response)


def test_the_example_proves_what_the_page_says():
    """The page's result is the verifier's."""
    result = verify_timestamp(_bytes("response"), message=_message(), tsa=_trusted(), nonce=NONCE)
    said = dict(re.findall(r"^(\S+(?: \S+)*) {2,}(.*)$", _block("result"), re.MULTILINE))
    assert said == {
        "genTime": format_time(result.gen_time),
        "accuracy": f"{result.accuracy.seconds} s",
        "policy": result.policy_oid,
        "imprint": f"{result.imprint_algorithm} {digest(result.imprint_algorithm, _message()).hex()}",
        "signature": result.signature_algorithm,
        "authority": result.tsa_subject,
        "serial number": str(result.serial_number),
        "remarks": " ".join(result.remarks),
    }


@pytest.mark.torture
def test_no_flipped_bit_goes_unnoticed():
    """Each of the example's bits flipped is refused, but for the status', which is remarked (§5)."""
    raw, trusted, message = _bytes("response"), _trusted(), _message()
    accepted = {}
    for at in range(len(raw)):
        for bit in range(8):
            changed = bytearray(raw)
            changed[at] ^= 1 << bit
            try:
                accepted[at, bit] = verify_timestamp(
                    bytes(changed), message=message, tsa=trusted, nonce=NONCE
                )
            except EvidenceError:
                continue
    (result,) = accepted.values()
    assert "GRANTED_WITH_MODS" in result.remarks
