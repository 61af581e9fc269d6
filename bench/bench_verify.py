"""`zheng-verify` on the demonstration's bundle and documents, in process and as a program.

Compared in turns with the limit (the elliptic-curve signature checks that cannot be left out, alone), and with a peer:
`openssl ts -verify` on one of the bundle's time-stamps, a process of its own that checks that one thing.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from measuring import Report, demonstration, take_turns, timed
from zheng_verifier.bundle import Bundle, parse_bundle
from zheng_verifier.checkpoint import stamped_bytes
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.entry import parse_entry
from zheng_verifier.policy import parse_policy
from zheng_verifier.report.model import Overall, PolicySource

ROUNDS = 9


def count_signatures(bundle: Bundle) -> tuple[int, int]:
    """Count the Ed25519 checks (heads, claims) and the ECDSA checks (each token, and its certificate)."""
    claims = sum(
        1
        for event in bundle.events
        if event.entry is not None and parse_entry(event.entry).submitter.kind == "signed"
    )
    return len(bundle.proofs) + claims, 2 * sum(len(proof.tokens) for proof in bundle.proofs)


class Signatures:
    """As many signature checks as a bundle needs, over messages of a claim's size, and nothing else."""

    def __init__(self, ed25519: int, ecdsa: int) -> None:
        message = b"m" * 900
        edwards, curve = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
        self._ed25519 = [(edwards.public_key(), edwards.sign(message), message)] * ed25519
        self._ecdsa = [(curve.public_key(), curve.sign(message, ec.ECDSA(SHA256())), message)] * ecdsa

    def check(self) -> None:
        """Check them all."""
        for key, signature, message in self._ed25519:
            key.verify(signature, message)
        for curve_key, signature, message in self._ecdsa:
            curve_key.verify(signature, message, ec.ECDSA(SHA256()))


def main() -> None:
    """Play the demonstration, measure its verification, and write the results."""
    report = Report(
        "verify",
        "the demonstration's case: a contract of three signatures in nine versions, two anchored checkpoints",
    )
    with demonstration() as folder:
        measure(report, folder)
    report.write()


def measure(report: Report, folder: Path) -> None:
    """Let all take turns on the evidence in ``folder``."""
    evidence = folder / "demo"
    data = (evidence / "bundle.json").read_bytes()
    policy_bytes = (evidence / "policy.json").read_bytes()
    paths = sorted((evidence / "documents").iterdir())
    documents = [Document(path.name, path.read_bytes()) for path in paths]
    policy = PolicyInput(policy_bytes, PolicySource.USER)
    at = datetime.now(UTC)
    bundle = parse_bundle(data)
    ed25519, ecdsa = count_signatures(bundle)
    signatures = Signatures(ed25519, ecdsa)
    report.note("events", len(bundle.events))
    report.note("signatures", {"Ed25519": ed25519, "ECDSA P-256": ecdsa})
    report.note(
        "bytes",
        {
            "bundle": len(data),
            "documents": sum(path.stat().st_size for path in paths),
            "policy": len(policy_bytes),
            "certificate": (evidence / "certificate.pdf").stat().st_size,
        },
    )

    def verify(files: list[Document]) -> None:
        found = verify_bundle(data, documents=files, policy=policy, at=at, name="bundle.json")
        if found.overall is not Overall.INCOMPLETE:
            raise RuntimeError(json.dumps(found.overall.value))

    def verify_all() -> None:
        verify(documents)

    def verify_bundle_only() -> None:
        verify([])

    for warm_up in (verify_all, verify_bundle_only, signatures.check):
        warm_up()
    figures = take_turns(
        {
            "zheng: verify_bundle": timed(verify_all),
            "zheng: the same without documents": timed(verify_bundle_only),
            "limit: its signature checks alone": timed(signatures.check),
        },
        rounds=ROUNDS,
        unit="ms",
    )
    report.add("in process", figures, compared="in turns, one process", more_is_better=False)

    token, message, root = folder / "token.tsr", folder / "message", folder / "root.pem"
    proof = next(each for each in bundle.proofs if each.tokens)
    token.write_bytes(proof.tokens[0])
    trusted = parse_policy(policy_bytes)
    message.write_bytes(stamped_bytes(proof.checkpoint, trusted.logs[0].keys[0].key))
    certificate = x509.load_der_x509_certificate(trusted.tsas[0].roots[0])
    from cryptography.hazmat.primitives.serialization import Encoding

    root.write_bytes(certificate.public_bytes(Encoding.PEM))
    ours = [sys.executable, "-m", "zheng_verifier", str(evidence / "bundle.json")]
    ours += ["--policy", str(evidence / "policy.json")]
    for path in paths:
        ours += ["--document", str(path)]
    openssl = ["openssl", "ts", "-verify", "-in", str(token), "-data", str(message), "-CAfile", str(root)]

    def run(command: list[str], code: int) -> None:
        done = subprocess.run(command, capture_output=True, check=False, cwd=folder)
        if done.returncode != code:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.decode()}")

    figures = take_turns(
        {
            "zheng-verify, the whole bundle": timed(lambda: run(ours, 3)),
            "peer: openssl ts -verify, one token": timed(lambda: run(openssl, 0)),
        },
        rounds=ROUNDS,
        unit="ms",
    )
    report.add("as a program", figures, compared="in turns, a process each", more_is_better=False)


if __name__ == "__main__":
    main()
