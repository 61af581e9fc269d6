"""The issuing identity: made once, closed to others, honest about how far a seal reaches."""

import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from zheng_verifier.deposit_certificate.record import format_record
from zheng_verifier.jws import verify_jws
from zheng_verifier.pdf_signatures.read import read_signatures

from api.errors import IssuerKeyError
from api.issuance.certificate.render import render_certificate
from api.issuance.issuer.identity import create_authority, issue_crl
from api.issuance.issuer.issuer import ANSWER_TYPE, Issuer
from api.issuance.issuer.sealing import seal
from api.operation.authorities import open_authorities
from api.settings import HttpTsaSettings, Settings

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def open_issuer(home, **settings):
    return Issuer.open(Settings(home=home, **settings), name="log", clock=lambda: NOW, random=os.urandom)


@pytest.fixture(scope="module")
def page(certificate):
    return render_certificate(format_record(certificate), b"{}")


def levels(pdf):
    return [each.level for each in read_signatures(pdf).signatures if not each.is_timestamp]


def test_it_is_made_once(tmp_path):
    """The second opening finds the first one's keys, and calls them a test."""
    first, second = open_issuer(tmp_path), open_issuer(tmp_path)
    assert first.trusted == second.trusted
    assert first.trusted.test
    assert "TEST" in first.certificate.subject
    assert first.trusted.name == "log"
    assert open_issuer(tmp_path, issuer={"name": "示例"}).trusted.name == "示例"


def test_a_seal_reaches_as_far_as_its_authorities(tmp_path, page):
    """With revocation data of both chains for the long term; without, with a time; without an authority, no time."""
    issuer = open_issuer(tmp_path)
    made = issuer.seal(page)
    assert (made.level, levels(made.pdf)) == ("B-LTA", ["B-LTA"])
    (authority,) = open_authorities(Settings(home=tmp_path), clock=lambda: NOW, random=os.urandom)
    bare = replace(authority, crls=tuple)
    timed = seal(page, issuer._identity(), (bare,))
    assert (timed.level, levels(timed.pdf)) == ("B-T", ["B-T"])
    alone = seal(page, issuer._identity(), ())
    assert (alone.level, levels(alone.pdf)) == ("B-B", ["B-B"])


def test_an_authority_that_is_down_gives_no_time(tmp_path, page):
    """The seal is made without a time, and nothing of our clock stands in for it."""
    first = open_issuer(tmp_path)
    down = HttpTsaSettings(
        kind="http",
        name="down",
        url="http://127.0.0.1:20301/",
        roots=tmp_path / "issuer" / "root.pem",
        policy_oids=("1.2.3",),
        timeout=1.0,
        private_addresses=True,
    )
    made = open_issuer(tmp_path, tsas=(down,)).seal(page)
    assert first.trusted == open_issuer(tmp_path).trusted
    assert (made.level, levels(made.pdf)) == ("B-B", ["B-B"])
    assert read_signatures(made.pdf).signatures[0].timestamps == ()


def written(path, data):
    path.write_bytes(data)
    path.chmod(0o600)
    return path


def test_an_operator_names_a_certificate_of_his_own(tmp_path, page):
    """Chain, key and CRLs are his, the test label goes, and a key open to others is refused."""
    own = create_authority(now=NOW, random=os.urandom)
    pem = [
        x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in (own.certificate, own.root)
    ]
    crl = x509.load_der_x509_crl(issue_crl(own, now=NOW)).public_bytes(Encoding.PEM)
    private = own.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    given = {
        "seal_chain": written(tmp_path / "chain.pem", b"".join(pem)),
        "seal_key": written(tmp_path / "seal.pem", private),
        "seal_crls": written(tmp_path / "crls.pem", crl),
    }
    issuer = open_issuer(tmp_path / "home", issuer=given)
    assert not issuer.trusted.test
    assert issuer.trusted.roots == (own.root,)
    assert issuer.seal(page).level == "B-LTA"
    assert open_issuer(tmp_path / "home", issuer=given | {"seal_crls": None}).seal(page).level == "B-T"
    given["seal_key"].chmod(0o644)
    with pytest.raises(IssuerKeyError, match="chmod 600"):
        open_issuer(tmp_path / "home", issuer=given)
    other = ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(IssuerKeyError, match="P-256"):
        open_issuer(tmp_path / "home", issuer=given | {"seal_key": written(tmp_path / "ed.pem", other)})
    written(tmp_path / "crls.pem", b"x-----END X509 CRL-----")
    given["seal_key"].chmod(0o600)
    with pytest.raises(IssuerKeyError, match="CRL"):
        open_issuer(tmp_path / "home", issuer=given)


def test_a_crash_while_it_is_made_is_made_good(tmp_path):
    """Files that had not got their names yet get them; the identity is the one that was begun."""
    made = open_issuer(tmp_path).trusted
    folder = tmp_path / "issuer"
    (folder / "seal.key").rename(folder / "seal.key.new")
    (folder / "report.key").rename(folder / "report.key.new")
    assert open_issuer(tmp_path).trusted == made


@pytest.mark.parametrize("name", ["root.key", "root.pem", "seal.key", "seal.pem", "report.key"])
def test_a_missing_file_stops_it(tmp_path, name):
    """Keys are never made anew beside old certificates."""
    open_issuer(tmp_path)
    (tmp_path / "issuer" / name).unlink()
    with pytest.raises(IssuerKeyError):
        open_issuer(tmp_path)


def test_a_key_of_another_kind_is_refused(tmp_path):
    """A report key where the seal's belongs, and the other way round."""
    open_issuer(tmp_path)
    folder = tmp_path / "issuer"
    seal_key, report_key = (folder / "seal.key").read_bytes(), (folder / "report.key").read_bytes()
    written(folder / "report.key", seal_key)
    with pytest.raises(IssuerKeyError, match="Ed25519"):
        open_issuer(tmp_path)
    written(folder / "report.key", report_key)
    written(folder / "seal.key", report_key)
    with pytest.raises(IssuerKeyError, match="P-256"):
        open_issuer(tmp_path)


def test_answers_are_signed_by_the_key_of_the_policy(tmp_path):
    """A detached JWS of its own type."""
    issuer = open_issuer(tmp_path)
    verify_jws(issuer.sign_answer(b"{}"), b"{}", issuer.report_key, typ=ANSWER_TYPE)
    (key,) = issuer.trusted.report_keys
    assert serialization.load_der_public_key(key) is not None
