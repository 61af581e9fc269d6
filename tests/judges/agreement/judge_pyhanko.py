"""pyHanko's own validation by ETSI EN 319 102-1, which our verifier does not use: it takes facts from pyHanko only."""

import asyncio
import io
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from asn1crypto import cms, pem, tsp
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from model import FAILED, INDETERMINATE, NOT_APPLICABLE, PASSED, REFUSED, Item, Verdict
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.validation import ades, policy_decl
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

for name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(name).setLevel(logging.CRITICAL)


def ask_about_signatures(items: Sequence[Item], *, demand: bool) -> list[Verdict]:
    """Validate the first signature of each PDF for the long term, then ask what was changed after it."""
    return [_guarded(partial(_signature, demand=demand), item) for item in items]


def ask_about_tokens(items: Sequence[Item]) -> list[Verdict]:
    """Validate each token at its time."""
    return [_guarded(_token, item) for item in items]


def _guarded(judge: Any, item: Item) -> Verdict:
    try:
        return judge(item)
    except Exception as error:
        # Another library's refusals are of every class; which one is part of the answer.
        return Verdict(REFUSED, type(error).__name__)


def _signature(item: Item, *, demand: bool) -> Verdict:
    reader = PdfFileReader(io.BytesIO(item.file.read_bytes()), strict=False)
    signature = reader.embedded_regular_signatures[0]
    spec = policy_decl.PdfSignatureValidationSpec(_spec(item, demand=demand))
    result = asyncio.run(ades.ades_lta_validation(signature, spec, _timing(item.at)))
    verdict = _verdict(result.ades_subindic)
    if verdict.word == FAILED:
        return verdict
    signature.compute_integrity_info()
    after = signature.diff_result
    if signature.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return Verdict(FAILED, "coverage")
    if (
        isinstance(after, SuspiciousModification)
        or signature.summarise_integrity_info()["docmdp_ok"] is False
    ):
        return Verdict(FAILED, "modified")
    return verdict


def _token(item: Item) -> Verdict:
    data = item.file.read_bytes()
    token = _content(data)
    if token is None:
        return Verdict(REFUSED, "not granted")
    if item.stamped is None:
        return Verdict(NOT_APPLICABLE, "nothing to hold it against")
    message = item.stamped.read_bytes()
    result = asyncio.run(
        ades.ades_timestamp_validation(
            token, _spec(item), lambda name: _digest(name, message), _timing(item.at)
        )
    )
    return _verdict(result.ades_subindic)


def _content(data: bytes) -> cms.SignedData | None:
    try:
        response = tsp.TimeStampResp.load(data, strict=True)
        if response["status"]["status"].native not in ("granted", "granted_with_mods"):
            return None
        return response["time_stamp_token"]["content"]
    except (ValueError, KeyError, TypeError):
        return cms.ContentInfo.load(data, strict=True)["content"]


def _digest(name: str, message: bytes) -> bytes:
    hasher = hashes.Hash(getattr(hashes, name.upper())())
    hasher.update(message)
    return hasher.finalize()


def _der(path: Path) -> bytes:
    data = path.read_bytes()
    return pem.unarmor(data)[2] if pem.detect(data) else data


def _spec(item: Item, *, demand: bool = False) -> policy_decl.SignatureValidationSpec:
    """Trust the item's roots; without ``demand`` look at revocation only where there is something to look at."""
    mode = "require" if demand else "soft-fail"
    rule = CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy(mode), retroactive_revinfo=True)
    anchors = [CertTrustAnchor(asn1_x509.Certificate.load(_der(path))) for path in item.roots]
    certificates = policy_decl.CertValidationPolicySpec(SimpleTrustManager.build(anchors), rule)
    known = policy_decl.LocalKnowledge(
        known_crls=[CRLContainer(asn1_crl.CertificateList.load(_der(path))) for path in item.crls],
        known_certs=[asn1_x509.Certificate.load(_der(path)) for path in item.others],
    )
    offline = policy_decl.RevocationInfoGatheringSpec(policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY)
    return policy_decl.SignatureValidationSpec(
        certificates, revinfo_gathering_policy=offline, local_knowledge=known
    )


def _timing(at: datetime | None) -> ValidationTimingInfo:
    moment = at or datetime.now(UTC)
    return ValidationTimingInfo(moment, moment, point_in_time_validation=True)


def _verdict(indication: Any) -> Verdict:
    words = {"PASSED": PASSED, "FAILED": FAILED, "INDETERMINATE": INDETERMINATE}
    name = "" if indication.status.name == "PASSED" else indication.standard_name
    return Verdict(words[indication.status.name], name)
