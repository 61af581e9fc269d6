"""Every byte of a token flipped: what is not refused is on the short list of what nothing authenticates."""

import dataclasses
from typing import Any

import pytest
from asn1crypto import cms, core
from zheng_verifier.errors import EvidenceError
from zheng_verifier.timestamp.der import split


def _unsigned(signer: Any) -> None:
    attribute = cms.CMSAttribute({"type": "1.2.3.4", "values": [core.OctetString(b"unsigned")]})
    signer["unsigned_attrs"] = [attribute]


@pytest.mark.parametrize(
    ("bits", "step"),
    [
        ((0x01, 0x80), 3),
        pytest.param((0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80), 1, marks=pytest.mark.torture),
    ],
)
def test_each_flip_is_refused_or_on_the_list(maker: Any, bits: tuple[int, ...], step: int) -> None:
    """Flips pass in status and its text, unsigned attributes and surplus certificates (docs/spec/timestamp.md §5)."""
    surplus = maker.party("Surplus", extensions=maker.CA, kind="p384")
    status = {"status": "granted", "status_string": ["fine"]}
    raw = maker.token(
        info={"nonce": 5, "accuracy": {"seconds": 1}},
        status=status,
        certificates=(surplus.der, maker.tsa.der),
        crls=(maker.crl(maker.root),),
        change_signer=_unsigned,
    )
    good = maker.verify(raw, nonce=5)
    free = set()
    for piece in (
        split(split(raw)[0])[0],
        split(split(raw)[0])[1],
        surplus.der,
        b"\xa1" + _field(b"unsigned", raw),
    ):
        start = raw.index(piece)
        free |= set(range(start, start + len(piece)))
    unnoticed = set()
    for at in range(0, len(raw), step):
        for bit in bits:
            changed = bytearray(raw)
            changed[at] ^= bit
            try:
                result = maker.verify(bytes(changed), nonce=5)
            except EvidenceError:
                continue
            # What passes changes no fact; a CRL that is not the issuer's any more shows in the remarks.
            assert good == dataclasses.replace(result, remarks=good.remarks)
            if good == result:
                unnoticed.add(at)
    assert set() == unnoticed - free
    assert unnoticed


def _field(inside: bytes, raw: bytes) -> bytes:
    """Give length and contents of the last field of the token, which holds ``inside``."""
    start = raw.rindex(b"\xa1", 0, raw.index(inside))
    return raw[start + 1 :]
