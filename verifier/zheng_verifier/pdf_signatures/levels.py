"""The PAdES level of each signature, as far as its parts are there and agree (ETSI EN 319 142-1 §6).

A level is a description, not a verdict: who made the time-stamps, and whether the revocation data say anything
good, is judged under a policy.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from asn1crypto import crl, ocsp, x509

from zheng_verifier.errors import MalformedError
from zheng_verifier.pdf_signatures.cms import Cms, read_cms, token_agrees
from zheng_verifier.pdf_signatures.document import Document, Store
from zheng_verifier.pdf_signatures.facts import LEVEL_PKCS7, SignatureFact
from zheng_verifier.pdf_signatures.signature import PADES, ReadSignature
from zheng_verifier.timestamp.der import PARSE_ERRORS


def find_levels(document: Document, found: Sequence[ReadSignature]) -> tuple[SignatureFact, ...]:
    """Put the level into each signature."""
    return tuple(
        each.fact
        if each.fact.is_timestamp
        else replace(each.fact, level=_level(document, each.fact, each.cms, _later(each, found)))
        for each in found
    )


def _later(signature: ReadSignature, found: Sequence[ReadSignature]) -> list[int]:
    """Give the revisions of the document time-stamps after a signature whose imprint agrees."""
    return [
        each.revision
        for each in found
        if each.fact.is_timestamp and each.fact.digest_ok and each.revision is not None
        if signature.revision is not None and each.revision > signature.revision
    ]


def _level(document: Document, fact: SignatureFact, cms: Cms | None, later: list[int]) -> str:
    if cms is None or fact.sub_filter != PADES or not cms.names_certificate:
        return LEVEL_PKCS7
    tokens = [token for token in cms.timestamps if token_agrees(token, cms.signature)]
    if not later and not tokens:
        return "B-B"
    # For the long term the status of whoever stamped the signature is needed too (EN 319 142-1 §5.4.2).
    certificates = [fact.signer, *map(_stamped_by, tokens)]
    if not _knows_all(document.store(document.last), certificates):
        return "B-T"
    if not any(_knows_all(document.store(revision), certificates) for revision in later):
        return "B-LT"
    return "B-LTA"


def _stamped_by(token: bytes) -> bytes | None:
    """Give the certificate of a time-stamp's authority, if it is enclosed."""
    try:
        return read_cms(token, "a signature time-stamp").signer
    except MalformedError:  # a whole response, say, where a token should stand
        return None


def _knows_all(store: Store, certificates: Sequence[bytes | None]) -> bool:
    return all(_knows_status(store, certificate) for certificate in certificates)


def _knows_status(store: Store, signer: bytes | None) -> bool:
    """Tell whether the store holds a CRL of a certificate's issuer or an OCSP response about the certificate."""
    if signer is None:
        return False
    body = x509.Certificate.load(signer)["tbs_certificate"]
    issuer, number = body["issuer"].dump(), body["serial_number"].native
    return any(_crl_issuer(der) == issuer for der in store.crls) or any(
        number in _ocsp_numbers(der) for der in store.ocsps
    )


def _crl_issuer(der: bytes) -> bytes | None:
    try:
        issuer: bytes = crl.CertificateList.load(der)["tbs_cert_list"]["issuer"].dump()
    except PARSE_ERRORS:
        return None
    return issuer


def _ocsp_numbers(der: bytes) -> set[Any]:
    try:
        responses = ocsp.OCSPResponse.load(der).response_data["responses"]
        return {each["cert_id"]["serial_number"].native for each in responses}
    except PARSE_ERRORS:
        return set()
