"""certificate/v1 is a closed format: what is written is read, and nothing else is."""

import hashlib
import json
from dataclasses import replace

import pytest
from makers import certificates
from zheng_verifier.canonical import format_json
from zheng_verifier.deposit_certificate.model import Party
from zheng_verifier.deposit_certificate.record import format_record, parse_record, verify_code
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError
from zheng_verifier.masking import Masked

BARE = {
    "evidence_name": None,
    "flow_ref": None,
    "claimed": None,
    "checkpoint_at": None,
    "parties": None,
    "signatures": None,
    "verification": None,
    "issuer_certificate": None,
    "documents": (),
    "timestamps": (),
    "anchors": (),
}


PARTIES = {"parties": (Party("landlord", Masked("张*"), (Masked("138******00"),)),)}


@pytest.mark.parametrize("changes", [{}, BARE, PARTIES])
def test_what_is_written_is_read(changes):
    """A record of everything and one of nothing optional come back as they were."""
    made = certificates.record(**changes)
    assert parse_record(format_record(made)) == made


def test_the_code_on_the_page_is_the_head_of_the_digest():
    """Sixteen hexadecimal digits of SHA-256."""
    data = format_record(certificates.record())
    assert verify_code(data) == hashlib.sha256(data).hexdigest()[:16]


def test_the_earliest_bounds_are_found():
    """The earliest token and anchor are the best bounds; without any there is none."""
    made = certificates.record()
    assert made.first_token.gen_time == min(token.gen_time for token in made.timestamps)
    assert made.first_anchor.block_time == min(anchor.block_time for anchor in made.anchors)
    assert certificates.record(timestamps=(), anchors=()).first_token is None


WRONG = [
    ({"certificate_no": "7K3M"}, "FORMAT_FAILURE"),
    ({"verify_url": "https://zheng.example/p/0000-0000-0000-0000-0"}, "FORMAT_FAILURE"),
    ({"verify_url": f"ftp://zheng.example/p/{certificates.NUMBER}"}, "FORMAT_FAILURE"),
    ({"evidence_class": [4, 3]}, "FORMAT_FAILURE"),
    ({"evidence_class": [True]}, "FORMAT_FAILURE"),
    ({"evidence_class": [9]}, "FORMAT_FAILURE"),
    ({"event_count": 0}, "FORMAT_FAILURE"),
    ({"event_root": "00"}, "FORMAT_FAILURE"),
    ({"deposit_mode": "both"}, "FORMAT_FAILURE"),
    ({"witnesses": [1]}, "WRONG_TYPE"),
    (
        {"received_at": {"first": "2026-11-22T01:15:02.123Z", "last": "2026-11-22T01:15:02.122Z"}},
        "FORMAT_FAILURE",
    ),
    ({"documents": [{}]}, "FIELD_MISSING"),
    ({"filings": {"other": "x"}}, "UNKNOWN_FIELD"),
    ({"status": "valid"}, "UNKNOWN_FIELD"),
    ({"zheng": "certificate/v2"}, "UNKNOWN_VERSION"),
    ({"issuer": "a\u202eb"}, "FORBIDDEN_CHARACTER"),
]


@pytest.mark.parametrize(("changes", "code"), WRONG)
def test_anything_else_is_refused(changes, code):
    """Each wrong member is refused with its code."""
    body = json.loads(format_record(certificates.record())) | changes
    with pytest.raises(EvidenceError) as caught:
        parse_record(format_json(body))
    assert caught.value.code == code


def test_members_of_tokens_and_anchors_are_held_to_their_form():
    """A serial number in hexadecimal, a policy that is no OID, a chain id with a sign: refused."""
    for member, value in (("tsa_serial", "1f"), ("tsa_policy", "x"), ("tsa_serial", "01")):
        body = json.loads(format_record(certificates.record()))
        body["timestamps"][0][member] = value
        with pytest.raises(MalformedError):
            parse_record(format_json(body))


def test_what_could_not_be_read_is_not_written():
    """The writer refuses what its reader would: a list too long, a number of another form."""
    document = certificates.record().documents[0]
    for changes in ({"documents": (document,) * 641}, {"certificate_no": "x"}, {"issuer": "x" * 3000}):
        with pytest.raises(MalformedError):
            format_record(replace(certificates.record(), **changes))


def test_another_version_may_be_true():
    """It cannot be read, which is not the same as false."""
    body = json.loads(format_record(certificates.record())) | {"zheng": "certificate/v9"}
    with pytest.raises(UncheckableError):
        parse_record(format_json(body))
