"""Time-stamp requests, read back by OpenSSL."""

import subprocess
from pathlib import Path

import pytest
from asn1crypto import tsp
from zheng_verifier.timestamp import IMPRINT_ALGORITHMS
from zheng_verifier.timestamp.algorithms import digest
from zheng_verifier.timestamp.der import check_der

from anchor.tsq import format_request


@pytest.mark.parametrize("algorithm", IMPRINT_ALGORITHMS)
def test_request_says_what_it_should(algorithm: str, tmp_path: Path) -> None:
    """The request holds digest, algorithm, nonce and the wish for the certificate, in DER, for OpenSSL too."""
    hashed = digest(algorithm, b"a note")
    query = format_request(hashed, 2**64 - 1, algorithm=algorithm)

    check_der(query, "query")
    read = tsp.TimeStampReq.load(query, strict=True)
    assert (hashed, 2**64 - 1, True) == (
        read["message_imprint"]["hashed_message"].native,
        read["nonce"].native,
        read["cert_req"].native,
    )
    (tmp_path / "q.tsq").write_bytes(query)
    shown = subprocess.run(
        ["openssl", "ts", "-query", "-in", tmp_path / "q.tsq", "-text"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f"Hash Algorithm: {algorithm}" in shown
    assert "Certificate required: yes" in shown
    assert "Nonce: 0xFFFFFFFFFFFFFFFF" in shown


@pytest.mark.parametrize(
    ("size", "nonce", "algorithm"), [(20, 1, "sha1"), (20, 1, "sha256"), (32, -1, "sha256"), (0, 1, "sm3")]
)
def test_refuses_what_is_no_request(size: int, nonce: int, algorithm: str) -> None:
    """SHA-1, a digest of another size and a negative nonce are not asked for."""
    with pytest.raises(ValueError, match=r"no imprint|are no"):
        format_request(bytes(size), nonce, algorithm=algorithm)
