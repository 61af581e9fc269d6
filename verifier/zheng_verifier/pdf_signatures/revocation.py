"""The status of the certificates of a path at one moment, from CRLs and OCSP responses that were kept with the file.

What counts (RFC 5280 §6.3, RFC 6960 §4.2.2): a CRL of the issuer, or a response by it or by whom it delegated,
issued after the moment, or before it and not yet stale then. A response counts for a certificate that names a
responder. The rules are pyhanko-certvalidator's; nothing is fetched.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl, ocsp

from zheng_verifier.errors import EvidenceError
from zheng_verifier.timestamp.certificate import Certificate, load_certificate
from zheng_verifier.timestamp.der import PARSE_ERRORS
from zheng_verifier.timestamp.path import run_now, trust_anchor


@dataclass(frozen=True, slots=True)
class PathStatus:
    """What is known: ``known`` if nothing on the path was revoked; else ``revoked_at`` and ``reason``, or neither.

    ``of_signer`` tells whether it is the signer's certificate that was revoked, and not one of an authority above it.
    """

    known: bool
    revoked_at: datetime | None = None
    reason: str = ""
    of_signer: bool = True


def path_status(
    path: Sequence[Certificate],
    *,
    pool: Sequence[Certificate],
    crls: Iterable[bytes],
    ocsps: Iterable[bytes],
    moment: datetime,
) -> PathStatus:
    """Look up a path, from the signer's certificate to the root, at ``moment``.

    Data that do not parse say nothing. A certificate that is itself trusted needs no status. Of contradicting data
    the revocation counts: pyhanko-certvalidator reads no list where a response is good, so the lists are asked alone too.
    """
    if len(path) < 2:
        return PathStatus(known=True)
    lists, responses = list(_crls(crls)), list(_ocsps(ocsps))
    by_lists = _look_up(path, pool, lists, [], moment)
    if by_lists.revoked_at is not None or not responses:
        return by_lists
    by_both = _look_up(path, pool, lists, responses, moment)
    return by_both if by_both.revoked_at is not None or not by_lists.known else by_lists


def _look_up(
    path: Sequence[Certificate],
    pool: Sequence[Certificate],
    crls: list[Any],
    ocsps: list[Any],
    moment: datetime,
) -> PathStatus:
    from pyhanko_certvalidator.context import ValidationContext
    from pyhanko_certvalidator.errors import RevokedError, ValidationError
    from pyhanko_certvalidator.path import ValidationPath
    from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
    from pyhanko_certvalidator.validate import async_validate_path

    *below, anchor = path
    context = ValidationContext(
        trust_roots=[],
        moment=moment,
        allow_fetching=False,
        crls=crls,
        ocsps=ocsps,
        other_certs=[each.x509 for each in (*pool, anchor)],
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO, retroactive_revinfo=True),
    )
    certificates = [each.x509 for each in reversed(below)]
    try:
        run_now(
            async_validate_path(
                context, ValidationPath(trust_anchor(anchor), certificates[:-1], certificates[-1])
            )
        )
    except RevokedError as error:
        return PathStatus(
            known=False,
            revoked_at=error.revocation_dt,
            reason=str(error.reason.native),
            of_signer=bool(error.is_ee_cert),
        )
    except (ValidationError, *PARSE_ERRORS) as error:
        # PARSE_ERRORS: responders and distribution points with names that asn1crypto refuses to compare.
        return PathStatus(known=False, reason=f"{type(error).__name__}: {error}"[:200])
    return PathStatus(known=True)


def load_pool(certificates: Iterable[bytes]) -> tuple[Certificate, ...]:
    """Read the certificates that can be read: a stranger's file may hold others, which then help nobody."""
    found = []
    for der in certificates:
        try:
            found.append(load_certificate(der, "certificates"))
        except EvidenceError:
            continue
    return tuple(found)


def _crls(values: Iterable[bytes]) -> Iterator[Any]:
    for der in values:
        # No more is read than is needed to drop what would stop the search: a list can have a million entries.
        with suppress(*PARSE_ERRORS):
            value = crl.CertificateList.load(der, strict=True)
            _ = value.issuer.hashable, value["tbs_cert_list"]["this_update"].native
            yield value


def _ocsps(values: Iterable[bytes]) -> Iterator[Any]:
    for der in values:
        with suppress(*PARSE_ERRORS):
            value = ocsp.OCSPResponse.load(der, strict=True)
            _ = [each["cert_id"].native for each in value.response_data["responses"]]
            yield value
