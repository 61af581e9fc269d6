"""Certificates of deposit around the standard story: record, proof, a page of plain text, and a seal."""

import hashlib
from dataclasses import replace
from functools import cache
from typing import Any

from makers import signed_pdfs, universe
from makers.universe import AT, OURS, standard
from pyhanko.sign.fields import MDPPerm
from zheng_verifier.bundle import format_bundle, parse_bundle
from zheng_verifier.checks import PolicyInput, verify_certificate
from zheng_verifier.deposit_certificate.model import (
    AxisResult,
    CertificateRecord,
    ChainAnchor,
    Depositor,
    ElectronicSignature,
    Filings,
    IssuerCertificate,
    Party,
    TimestampToken,
    VerificationSummary,
)
from zheng_verifier.deposit_certificate.record import format_record
from zheng_verifier.deposit_certificate.summary import summarise
from zheng_verifier.masking import Masked
from zheng_verifier.policy import TrustedIssuer, format_policy
from zheng_verifier.report.model import Report

NUMBER = "7K3M-K6YJ-W47N-MYNK-J"
DEV = universe.DEV_CHAIN


@cache
def bundle() -> bytes:
    return format_bundle(standard().bundle())


def record(evidence: bytes | None = None, **changes: Any) -> CertificateRecord:
    """What the service would write of a bundle, with invented names."""
    given = bundle() if evidence is None else evidence
    shown = summarise(parse_bundle(given))
    tests = {hashlib.sha256(proof.tokens[1]).digest() for proof in parse_bundle(given).proofs}
    made = CertificateRecord(
        certificate_no=NUMBER,
        base_url="https://zheng.example",
        evidence_id=shown.evidence_id,
        case=shown.case,
        depositor=Depositor("示例平台", "91330000DEMO00000X", "platform"),
        evidence_name="租赁合同",
        evidence_classes=(3, 4),
        deposit_mode="digest_only",
        event_count=shown.event_count,
        event_root=shown.event_root,
        received=shown.received,
        log=shown.positions[-1],
        issuer="issuer",
        issued_at=AT,
        bundle=hashlib.sha256(given).digest(),
        documents=tuple(replace(each, name="lease.pdf", pages=3) for each in shown.documents),
        parties=None if shown.roles is None else tuple(Party(each, Masked("张*")) for each in shown.roles),
        flow_ref="HT-1",
        claimed=shown.claimed,
        checkpoint_at=AT,
        timestamps=tuple(
            TimestampToken(
                "TSA",
                each.gen_time,
                each.serial,
                each.policy,
                each.imprint_algorithm,
                test=hashlib.sha256(each.raw).digest() in tests,
                licensed=True,
            )
            for each in shown.tokens
        ),
        anchors=tuple(
            ChainAnchor(
                kind="dev" if each.chain_id == DEV else "public",
                chain_id=each.chain_id,
                contract=each.contract,
                transaction=each.transaction,
                block_number=each.block_number,
                block_hash=each.block_hash,
                block_time=each.block_time,
                name="chain",
                finality="pinned",
                consensus="PoS",
                operators=4,
            )
            for each in shown.anchors
        ),
        cross_anchors=("another",),
        witnesses=("witness",),
        signatures=(ElectronicSignature(Masked("张*"), "CA", "1f", "valid"),),
        verification=VerificationSummary(
            "INCOMPLETE",
            (AxisResult("A1", "PASSED"), AxisResult("A8", "SUPPORTED", "3/6")),
            AT,
            "0",
            bytes(32),
        ),
        filings=Filings("京网信备1", "2", "3"),
        issuer_certificate=IssuerCertificate("CN=TEST", fingerprint(), test=False),
    )
    return replace(made, **changes)


def fingerprint() -> bytes:
    return hashlib.sha256(signed_pdfs.signer().der).digest()


def page(
    files: dict[str, bytes] | None = None, *, pages: int = 1, catalogue: str = "", names: str = ""
) -> bytes:
    """A PDF with attached files; ``catalogue`` is added to its root, ``names`` replaces the tree of files."""
    given = {"bundle.json": b"{}", "certificate.json": b"{}"} if files is None else files
    objects = {
        2: f"<</Type/Pages/Kids[{' '.join(['3 0 R'] * pages)}]/Count {pages}/MediaBox[0 0 300 300]>>",
        3: "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>>>",
        4: "<</Length 1>>stream\nq\nendstream",
    }
    tree, listed = [], []
    for position, (name, data) in enumerate(sorted(given.items())):
        here = 10 + 2 * position
        objects[here] = (
            f"<</Type/Filespec/F({name})/UF({name})/EF<</F {here + 1} 0 R>>/AFRelationship/Source>>"
        )
        objects[here + 1] = f"<</Type/EmbeddedFile/Length {len(data)}>>stream\n{data.decode()}\nendstream"
        tree.append(f"({name}) {here} 0 R")
        listed.append(f"{here} 0 R")
    attached = names or f"/Names<</EmbeddedFiles<</Names[{' '.join(tree)}]>>>>"
    objects[1] = f"<</Type/Catalog/Pages 2 0 R{attached}/AF[{' '.join(listed)}]{catalogue}>>"
    return signed_pdfs.assemble(objects)


def unsealed(made: CertificateRecord | None = None, evidence: bytes | None = None) -> bytes:
    """A certificate before its seal."""
    given = bundle() if evidence is None else evidence
    return page({"certificate.json": format_record(made or record(given)), "bundle.json": given})


def seal(pdf: bytes, **changes: Any) -> bytes:
    """Seal a page as the service does."""
    stamps = signed_pdfs.Stamps(signed_pdfs.tsa())
    return signed_pdfs.sign(
        pdf, **({"field": "Seal", "certify": MDPPerm.NO_CHANGES, "stamps": stamps} | changes)
    )


@cache
def sealed() -> bytes:
    return seal(unsealed())


def issuer(**changes: Any) -> TrustedIssuer:
    return replace(TrustedIssuer("issuer", (signed_pdfs.root().der,), (), test=False), **changes)


def judge(pdf: bytes, issuers: tuple[TrustedIssuer, ...] | None = None, **changes: Any) -> Report:
    """Verify a certificate under our policy, which knows its issuer and the authority of its seal."""
    policy = OURS.policy(standard())
    made = replace(
        policy,
        issuers=(issuer(),) if issuers is None else issuers,
        tsas=(*policy.tsas, signed_pdfs.trusted_tsa()),
    )
    data = format_policy(replace(made, **changes.pop("policy", {})))
    return verify_certificate(pdf, policy=PolicyInput(data), **({"at": AT} | changes))
