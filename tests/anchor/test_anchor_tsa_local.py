"""The test authority: its tokens before four independent judges, its refusals, its folder."""

import asyncio
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc3161_client
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from zheng_verifier.errors import InsufficientError
from zheng_verifier.timestamp import Accuracy, parse_response, verify_timestamp
from zheng_verifier.timestamp.algorithms import digest
from zheng_verifier.timestamp.der import check_der

from anchor.errors import KeyFileError
from anchor.timestamping import obtain_token
from anchor.tsa_issuer import MAX_QUERY_SIZE, POLICY_OID, TsaIdentity, answer_query, create_identity
from anchor.tsa_local import LocalTsa
from anchor.tsq import format_request

NOW = datetime(2026, 11, 22, 17, 0, 0, 123_456, tzinfo=UTC)
MESSAGE = b"a note\n"
NONCE = 0x0102030405060708


def _random() -> Callable[[int], bytes]:
    """Give a source that repeats itself from run to run, but not within one."""
    counter: Iterator[int] = iter(range(10**9))
    return lambda size: digest("sha512", str(next(counter)).encode())[:size]


@pytest.fixture
def tsa(tmp_path: Path) -> LocalTsa:
    return LocalTsa(tmp_path / "tsa", clock=lambda: NOW, random=_random())


def test_its_token_states_the_clocks_time(tsa: LocalTsa) -> None:
    """A token of the test authority verifies, states the given clock's time in milliseconds, and is a test."""
    token = obtain_token(tsa, tsa.trusted, MESSAGE, NONCE)
    result = verify_timestamp(token.raw, message=MESSAGE, tsa=tsa.trusted, nonce=NONCE)

    assert NOW.replace(microsecond=123_000) == token.gen_time == result.gen_time
    assert (token.tsa, token.nonce) == ("zheng-test-tsa", NONCE)
    assert (Accuracy(1, 0, 0), POLICY_OID, True) == (result.accuracy, result.policy_oid, result.test)
    assert "TEST TSA (not a trusted time source)" in result.tsa_subject
    assert result.serial_number.bit_length() == 129


def test_test_stands_in_every_name(tsa: LocalTsa) -> None:
    """Nobody can take the authority or its root for a real one."""
    token = parse_response(obtain_token(tsa, tsa.trusted, MESSAGE, NONCE).raw).granted()
    for der in (*token.certificates, *tsa.trusted.roots):
        subject = x509.load_der_x509_certificate(der).subject
        assert all("TEST" in str(attribute.value) for attribute in subject)
    assert token.info.tsa is not None
    assert "test" in token.info.tsa.value


def test_openssl_verifies_its_token(tsa: LocalTsa, tmp_path: Path) -> None:
    """OpenSSL accepts the token for the message and the query, and not for others."""
    token = obtain_token(tsa, tsa.trusted, MESSAGE, NONCE)
    (tmp_path / "r.tsr").write_bytes(token.raw)
    (tmp_path / "note").write_bytes(MESSAGE)
    (tmp_path / "other").write_bytes(b"another note\n")
    (tmp_path / "q.tsq").write_bytes(format_request(digest("sha256", MESSAGE), NONCE))
    (tmp_path / "q2.tsq").write_bytes(format_request(digest("sha256", MESSAGE), NONCE + 1))

    def verify(*against: str) -> int:
        command = ["openssl", "ts", "-verify", *against, "-in", "r.tsr", "-CAfile", "tsa/root.pem"]
        # Not the present but the time stated: the certificates of this test live around its own clock.
        command += ["-attime", str(int(NOW.timestamp()))]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert (verify("-data", "note"), verify("-queryfile", "q.tsq")) == (0, 0)
    assert verify("-data", "other") != 0
    assert verify("-queryfile", "q2.tsq") != 0


def test_pyhanko_verifies_its_token(tsa: LocalTsa) -> None:
    """pyHanko finds the token intact, valid and trusted."""
    raw = obtain_token(tsa, tsa.trusted, MESSAGE, NONCE).raw
    signed_data = tsp.TimeStampResp.load(raw)["time_stamp_token"]["content"]
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(der) for der in tsa.trusted.roots],
        moment=NOW,
        allow_fetching=False,
    )
    status = asyncio.run(validate_tst_signed_data(signed_data, context, lambda name: digest(name, MESSAGE)))
    assert status["intact"]
    assert status["valid"]
    assert status["trust_problem_indic"] is None


def test_rfc3161_client_verifies_its_token(tsa: LocalTsa) -> None:
    """The strict DER reader of rfc3161-client accepts the token, and refuses another nonce."""
    response = rfc3161_client.decode_timestamp_response(obtain_token(tsa, tsa.trusted, MESSAGE, NONCE).raw)
    root = x509.load_der_x509_certificate(tsa.trusted.roots[0])

    def verifier(nonce: int) -> Any:
        return rfc3161_client.VerifierBuilder().add_root_certificate(root).nonce(nonce).build()

    assert verifier(NONCE).verify_message(response, MESSAGE)
    with pytest.raises(rfc3161_client.VerificationError):
        verifier(NONCE + 1).verify_message(response, MESSAGE)


@pytest.mark.parametrize("algorithm", ["sha384", "sha512", "sm3"])
def test_stamps_every_digest_of_the_policy(tsa: LocalTsa, algorithm: str) -> None:
    """A policy that allows another digest alone gets an imprint by it."""
    trusted = tsa.trusted
    only = type(trusted)(
        name=trusted.name,
        roots=trusted.roots,
        pins=(),
        policy_oids=trusted.policy_oids,
        imprint_algs=(algorithm,),
        test=True,
    )
    raw = obtain_token(tsa, only, MESSAGE, NONCE).raw
    assert algorithm == verify_timestamp(raw, message=MESSAGE, tsa=only).imprint_algorithm


def test_leaves_out_what_was_not_asked_for(tsa: LocalTsa) -> None:
    """Without certReq there is no certificate in the token, without a nonce none."""
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest("sha256", MESSAGE)}
    query = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "req_policy": POLICY_OID})
    token = parse_response(tsa.request(query.dump())).granted()
    assert (token.certificates, token.info.nonce) == ((), None)


def _query(**changes: Any) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}
    return bytes(tsp.TimeStampReq({"version": "v1", "message_imprint": imprint} | changes).dump())


def _imprint(algorithm: str, size: int) -> dict[str, Any]:
    return {"message_imprint": {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": bytes(size)}}


@pytest.mark.parametrize(
    ("query", "failure"),
    [
        (b"", "bad_data_format"),
        (b"<html>", "bad_data_format"),
        (_query()[:-1], "bad_data_format"),
        (_query() + b"\x00", "bad_data_format"),
        (b"\x30\x03\x02\x01\x01", "bad_data_format"),
        (_query() + bytes(MAX_QUERY_SIZE), "bad_data_format"),
        (_query(**_imprint("sha256", 20)), "bad_data_format"),
        (_query(version="v2"), "bad_request"),
        (_query(**_imprint("sha1", 20)), "bad_alg"),
        (_query(**_imprint("md5", 16)), "bad_alg"),
        (_query(**_imprint("sha3_256", 32)), "bad_alg"),
        (_query(req_policy="1.2.3"), "unaccepted_policy"),
        (_query(extensions=[{"extn_id": "1.2.3", "extn_value": b"\x05\x00"}]), "unaccepted_extensions"),
    ],
)
def test_refuses_bad_requests_with_the_reason(
    tsa: LocalTsa, query: bytes, failure: str, tmp_path: Path
) -> None:
    """Each kind of bad request has its PKIFailureInfo, in an answer OpenSSL can read."""
    raw = tsa.request(query)
    response = parse_response(raw)
    assert (2, (failure,), None) == (response.status, response.failures, response.token)
    assert len(response.status_text) == 1
    (tmp_path / "r.tsr").write_bytes(raw)
    shown = subprocess.run(
        ["openssl", "ts", "-reply", "-in", tmp_path / "r.tsr", "-text"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Status: Rejected." in shown
    assert response.status_text[0] in shown


def test_everything_it_writes_is_der(tsa: LocalTsa) -> None:
    """Answers and certificates are DER to the last byte."""
    for raw in (tsa.request(_query()), tsa.request(b""), *tsa.trusted.roots):
        check_der(raw, "x")


def test_same_inputs_give_the_same_bytes() -> None:
    """Clock and randomness are all that goes in: keys, certificates and tokens can be made again."""

    def make() -> tuple[TsaIdentity, bytes]:
        random = _random()
        identity = create_identity(now=NOW, random=random)
        return identity, answer_query(_query(), identity, now=NOW, random=random)

    (one, first), (two, second) = make(), make()
    assert (one.root, one.certificate, first) == (two.root, two.certificate, second)


def test_serial_numbers_differ(tsa: LocalTsa) -> None:
    """No two tokens have one serial number."""
    numbers = {parse_response(tsa.request(_query())).granted().info.serial_number for _ in range(20)}
    assert len(numbers) == 20


def test_another_installation_is_a_stranger(tsa: LocalTsa, tmp_path: Path) -> None:
    """Two installations share names and policy, but no key: one's token is nothing under the other's policy."""
    other = LocalTsa(tmp_path / "other", clock=lambda: NOW, random=lambda size: bytes([7] * size))
    raw = obtain_token(other, other.trusted, MESSAGE, NONCE).raw
    with pytest.raises(InsufficientError, match="UNTRUSTED_TSA"):
        verify_timestamp(raw, message=MESSAGE, tsa=tsa.trusted)


# --- the folder


def test_folder_is_kept_and_closed(tsa: LocalTsa, tmp_path: Path) -> None:
    """Opened again it is the same authority; keys are for their owner alone, and nothing is left beside it."""
    again = LocalTsa(tmp_path / "tsa", clock=lambda: NOW + timedelta(days=1), random=lambda size: bytes(size))
    assert tsa.trusted == again.trusted
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "tsa").iterdir()}
    assert modes == dict.fromkeys(("root.key", "root.pem", "tsa.key", "tsa.pem"), 0o600)
    assert stat.S_IMODE((tmp_path / "tsa").stat().st_mode) == 0o700
    assert [path.name for path in tmp_path.iterdir()] == ["tsa"]


def test_empty_folder_is_filled(tmp_path: Path) -> None:
    """A folder made beforehand is used."""
    (tmp_path / "tsa").mkdir()
    assert LocalTsa(tmp_path / "tsa", clock=lambda: NOW, random=_random()).trusted.test


def test_second_maker_takes_the_firsts_keys(tmp_path: Path) -> None:
    """Of two processes that make the folder at once, one wins and both use what is there."""
    made: list[LocalTsa] = []
    own = _random()

    def random(size: int) -> bytes:
        if not made:
            made.append(LocalTsa(tmp_path / "tsa", clock=lambda: NOW, random=lambda size: bytes([9] * size)))
        return own(size)

    second = LocalTsa(tmp_path / "tsa", clock=lambda: NOW, random=random)
    assert made[0].trusted == second.trusted
    assert [path.name for path in tmp_path.iterdir()] == ["tsa"]


@pytest.mark.parametrize("name", ["root.key", "root.pem", "tsa.key", "tsa.pem"])
def test_broken_folder_is_refused(tsa: LocalTsa, tmp_path: Path, name: str) -> None:
    """A missing or unreadable file stops it: keys are never made anew beside old certificates."""
    path = tmp_path / "tsa" / name
    path.write_text("nothing")
    with pytest.raises(KeyFileError, match=name):
        LocalTsa(tmp_path / "tsa", clock=lambda: NOW, random=_random())
    path.unlink()
    with pytest.raises(KeyFileError, match=name):
        LocalTsa(tmp_path / "tsa", clock=lambda: NOW, random=_random())


def test_open_or_foreign_key_is_refused(tsa: LocalTsa, tmp_path: Path) -> None:
    """A key that others can read, or of another kind, is not used."""
    path = tmp_path / "tsa" / "tsa.key"
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="open to other users"):
        LocalTsa(tmp_path / "tsa", clock=lambda: NOW, random=_random())
    key = rsa.generate_private_key(65537, 2048)
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(encoded)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="elliptic-curve"):
        LocalTsa(tmp_path / "tsa", clock=lambda: NOW, random=_random())
    shutil.rmtree(tmp_path / "tsa")
