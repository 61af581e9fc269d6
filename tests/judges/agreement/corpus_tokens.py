"""RFC 3161 tokens: the shared vectors, those of the played service, of OpenSSL's own authority, of our maker."""

import base64
import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from asn1crypto import cms, pem, tsp
from cryptography.hazmat.primitives import serialization
from dss_cases import AUTHORITY, ROOT, token
from makers import tokens
from makers.packages import STAMPED_AT, contents
from model import FAILED, INDETERMINATE, PASSED, Item, Verdict
from served import Service
from zheng_verifier.bundle import parse_bundle
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.package import names
from zheng_verifier.package.archive import parse_archive
from zheng_verifier.package.package import manifest_to_stamp
from zheng_verifier.policy import parse_policy

# The vectors say only "invalid": no path, or no certificate at all, is INDETERMINATE in EN 319 102-1 §5.2.6.
_NO_PATH = (
    "tob-no-embedded-cert-unknown-tsa",
    "tob-wrong-root",
    "sc-rekor2-timestamp-untrusted-tsa-without-embedded-cert",
    "own-a-untrusted-root",
    "own-a-intermediate-missing",
)
_WORDS = {"valid": PASSED, "policy": INDETERMINATE, "policy-invalid": INDETERMINATE, "invalid": FAILED}


def of_vectors(folder: Path, work: Path) -> Iterator[Item]:
    """The shared vectors, as their own list judges them."""
    if not folder.is_dir():
        return
    for case in json.loads((folder / "cases.json").read_text()):
        name, moment = case["id"], case.get("validate_at", "genTime")
        stated = case.get("genTime") if moment == "genTime" else moment
        data = (
            base64.b64decode(case["data_b64"]) if "data_b64" in case else case.get("data_ascii", "").encode()
        )
        stamped = work / f"{name}.data"
        stamped.write_bytes(data)
        word = INDETERMINATE if name in _NO_PATH else _WORDS[case["expect"]]
        yield Item(
            name,
            folder / case["file"],
            Verdict(word),
            datetime.fromisoformat(stated) if stated else None,
            stamped if data else None,
            roots=tuple(folder / path for path in case["trust"]),
            others=tuple(folder / path for path in case["untrusted"]),
            crls=(folder / case["crl"],) if "crl" in case else (),
            options={"case": case, "status": False},  # a list, if any, is about one certificate of two
        )


def of_service(service: Service, work: Path) -> Iterator[Item]:
    """The test authority of an installation: over the newest checkpoint of a bundle, and over a package's list."""
    policy = parse_policy((service.evidence / "policy.json").read_bytes())
    bundle = parse_bundle((service.evidence / "bundle.json").read_bytes())
    proof = next(each for each in reversed(bundle.proofs) if each.tokens)
    stamped = open_checkpoint(proof.checkpoint, policy.logs[0].keys[0].key).stamped
    files = {
        file.name: file.data for file in parse_archive((service.evidence / "package-full.asice").read_bytes())
    }
    parts = {
        "service-bundle": (proof.tokens[0], stamped),
        "service-package": (files[names.TIMESTAMP], files[names.ASIC_MANIFEST]),
    }
    for name, (data, message) in parts.items():
        yield from _written(name, data, message, work, service.tsa_roots, oid=policy.tsas[0].policy_oids[0])


def of_makers(work: Path) -> Iterator[Item]:
    """One with a revocation list inside, and one by OpenSSL's own authority."""
    listing = manifest_to_stamp(contents())
    root = work / "maker-root.der"
    root.write_bytes(ROOT.der)
    for item in _written("maker-with-revocation-list", token(listing), listing, work, (root,)):
        yield replace(item, options=item.options | {"status": True})
    yield from _written("openssl-authority", _by_openssl(work, listing), listing, work, (root,))


def _written(
    name: str, data: bytes, message: bytes, work: Path, roots: tuple[Path, ...], oid: str = tokens.POLICY
) -> Iterator[Item]:
    file, stamped = work / f"{name}.tsr", work / f"{name}.data"
    file.write_bytes(data)
    stamped.write_bytes(message)
    info = bare(data)["content"]["encap_content_info"]["content"].parsed
    case = {"id": name, "trust": [], "untrusted": [], "policy": oid}
    options = {"case": case, "status": False}
    moment = info["gen_time"].native
    yield Item(name, file, Verdict(PASSED), moment, stamped, roots=roots, options=options)


def without_response(items: tuple[Item, ...], work: Path) -> tuple[Item, ...]:
    """The same with nothing but the token in the file, which is all that EU DSS reads; others as they are."""
    made = []
    for item in items:
        file = work / f"{item.name}.bare"
        try:
            file.write_bytes(bare(item.file.read_bytes()).dump())
        except (ValueError, KeyError, TypeError):
            file = item.file
        made.append(replace(item, file=file))
    return tuple(made)


def bare(data: bytes) -> cms.ContentInfo:
    """Give the token of a response, or the token itself."""
    try:
        response = tsp.TimeStampResp.load(data)
        response["status"]["status"].native  # noqa: B018
        return response["time_stamp_token"]
    except (ValueError, KeyError, TypeError):
        return cms.ContentInfo.load(data)


_CONFIGURATION = f"""[tsa]
serial = serial
signer_digest = sha256
default_policy = {tokens.POLICY}
digests = sha256
ess_cert_id_alg = sha256
ess_cert_id_chain = no
"""


def _by_openssl(work: Path, message: bytes) -> bytes:
    """Have ``openssl ts -reply`` stamp a message with the maker's key; its time is the machine's clock."""
    folder = work / "openssl"
    folder.mkdir(exist_ok=True)
    private = AUTHORITY.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files = {
        "key.pem": private,
        "cert.pem": pem.armor("CERTIFICATE", AUTHORITY.der),
        "message": message,
        "tsa.cnf": _CONFIGURATION.encode(),
        "serial": b"01",
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    query = ["openssl", "ts", "-query", "-data", "message", "-sha256", "-cert", "-out", "query"]
    reply = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "query"]
    reply += ["-signer", "cert.pem", "-inkey", "key.pem", "-out", "reply"]
    for command in (query, reply):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "reply").read_bytes()


def demanding(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same where the status of the authority's certificate is demanded."""
    return tuple(
        replace(item, expected=Verdict(INDETERMINATE))
        if item.expected.word == PASSED and not item.options["status"]
        else item
        for item in items
    )


__all__ = ["STAMPED_AT", "bare", "demanding", "of_makers", "of_service", "of_vectors"]
