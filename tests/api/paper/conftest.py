"""A sample certificate, and what reads its pages back."""

import hashlib
import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from zheng_verifier.deposit_certificate.model import (
    AxisResult,
    CertificateRecord,
    ChainAnchor,
    DepositedDocument,
    Depositor,
    IssuerCertificate,
    LogPosition,
    Party,
    Span,
    TimestampToken,
    VerificationSummary,
)

from api.issuance.certificate.masking import mask_id_number, mask_name, mask_phone

# Leads to the package `makers` of the verifier's tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "verifier" / "tests"))

from makers.pdf_text import pages_text  # the path above leads there


@pytest.fixture(scope="session")
def pdf_text() -> Callable[[bytes], str]:
    """Give a function that extracts the text of a PDF, white space removed."""
    return lambda pdf: "".join(pages_text(pdf))


@pytest.fixture(scope="session")
def pdf_pages() -> Callable[[bytes], int]:
    """Give a function that counts the pages of a PDF."""

    def count(pdf: bytes) -> int:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return len(document.pages)

    return count


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


@pytest.fixture(scope="session")
def certificate() -> CertificateRecord:
    """Give a certificate as the demonstration makes it: test chain, test timestamp, invented people."""
    first = datetime(2026, 11, 22, 1, 15, 2, 123000, tzinfo=UTC)
    return CertificateRecord(
        certificate_no="JE82-K3SZ-P32V-2R29-5",
        base_url="https://zheng.example",
        evidence_id="0c9f4b1e-52d7-4a6e-9a3e-6d1f0b7a8c21",
        case="7f1d2c84-9f0e-4c0b-8b1d-2a7c5e9d4f10",
        depositor=Depositor("示例签约平台（演示）有限公司", "91330000DEMO00000X"),
        evidence_name="房屋租赁合同（演示） Residential lease (demonstration)",
        evidence_classes=(3, 4),
        deposit_mode="digest_only",
        event_count=18,
        event_root=_digest("root"),
        claimed=Span(first - timedelta(seconds=1), first + timedelta(minutes=11)),
        received=Span(first, first + timedelta(minutes=12)),
        log=LogPosition("zheng.example/log/demo", 41, 42, _digest("tree")),
        issuer="证 Zheng 演示服务",
        issued_at=first + timedelta(hours=1),
        documents=tuple(
            DepositedDocument(
                role,
                103_000,
                "application/pdf",
                _digest(role),
                _digest(f"{role} sm3"),
                role != "original",
                None,
                3,
            )
            for role in ("original", "shown", "finalized", "signed")
        ),
        parties=(
            Party(
                "出租方 landlord",
                mask_name("李小㛃"),
                (mask_phone("10000000001"), mask_id_number("00000019000101000X")),
            ),
            Party(
                "承租方 tenant",
                mask_name("王𬭎"),
                (mask_phone("10000000002"), mask_id_number("00000019000202000X")),
            ),
        ),
        flow_ref="DEMO-LEASE-0001",
        bundle=_digest("bundle"),
        issuer_certificate=IssuerCertificate(
            "CN=Zheng TEST issuer (self-issued),O=Zheng TEST installation", _digest("seal"), test=True
        ),
        timestamps=(
            TimestampToken(
                "Zheng TEST TSA",
                first + timedelta(minutes=13),
                0x1F2E3D4C5B6A7988,
                "2.25.31415926535",
                "sha256",
                test=True,
            ),
        ),
        anchors=(
            ChainAnchor(
                kind="dev",
                chain_id=131_277_322_940_537,
                contract=_digest("contract")[:20],
                transaction=_digest("transaction"),
                block_number=7,
                block_hash=_digest("block"),
                block_time=first + timedelta(minutes=13, seconds=5),
                finality="latest",
                operators=1,
            ),
        ),
        verification=VerificationSummary(
            "INCOMPLETE",
            (
                AxisResult("A1", "PASSED"),
                AxisResult("A2", "INDETERMINATE", "TEST_TSA"),
                AxisResult("A3", "INDETERMINATE", "SELF_ASSERTED"),
                AxisResult("A4", "INDETERMINATE", "NOT_IMPLEMENTED"),
                AxisResult("A7", "PASSED"),
            ),
            first + timedelta(minutes=20),
            "zheng-verify 0.1.0",
            _digest("policy"),
        ),
    )
