"""Our own verifier on the files of every table, through its public functions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import pem, tsp
from makers import signing_cases
from model import FAILED, INDETERMINATE, PASSED, REFUSED, Item, Verdict
from zheng_verifier.checks.pdf_signatures import find_signatures, judge_signature
from zheng_verifier.checks.proof_of_existence import Sources
from zheng_verifier.checks.signer_certificates import check_signers
from zheng_verifier.errors import EvidenceError, InsufficientError, UncheckableError
from zheng_verifier.policy import AlgorithmRule, TrustedCa
from zheng_verifier.policy.model import Quorum, TrustPolicy
from zheng_verifier.report.model import Finding, Status
from zheng_verifier.timestamp import REMARK_REVOCATION_NOT_CHECKED, TrustedTsa, verify_timestamp

_NAMES = ("sha256", "sha384", "sha512", "rsa-sha256", "rsa-sha512", "ecdsa-sha256", "ed25519", "rsa-sha1")
_IMPRINTS = ("sha256", "sha384", "sha512", "sm3")
_POLICIES = ("1.3.6.1.4.1.4146.2.2", "1.3.6.1.4.1.59999.1.1", "2.25.18133634394657338585147427374224701564")
_NOT_CHECKED = "REVOCATION_NOT_CHECKED"


def der(path: Path) -> bytes:
    data = path.read_bytes()
    return pem.unarmor(data)[2] if pem.detect(data) else data


def ask_about_signatures(items: Sequence[Item], *, demand: bool) -> list[Verdict]:
    """C13 and C14 on the first signature, or the one the item names; without ``demand`` an unknown status is no concern."""
    return [_signature(item, demand=demand) for item in items]


def _signature(item: Item, *, demand: bool) -> Verdict:
    document = signing_cases.examined(item.file.read_bytes())
    assert document.signatures is not None
    facts = document.signatures
    document = replace(document, signatures=replace(facts, crls=facts.crls + tuple(map(der, item.crls))))
    found = find_signatures([document])
    found = found[place(item) :][:1]
    if not found:
        return Verdict(REFUSED, facts.problem.code if facts.problem else "no signature")
    whole = judge_signature(found[0])
    if whole.status is not Status.PASSED:
        return _of_finding(whole)
    policy = _policy(tuple(map(der, item.roots)))
    judged = check_signers(found, Sources(policy.tsas, signing_cases.case(), {}), policy, item.at)
    concerns = [each for each in judged.findings if each.status is not Status.PASSED]
    concerns = [each for each in concerns if demand or each.code != _NOT_CHECKED]
    worst = next((each for each in concerns if each.status is Status.FAILED), None)
    return _of_finding(worst or concerns[0]) if concerns else Verdict(PASSED)


def place(item: Item) -> int:
    """Which signature of the file is asked about, from 0."""
    return int(str(item.options.get("signature", 1))) - 1


def _of_finding(finding: Finding) -> Verdict:
    return Verdict(finding.status.value.lower(), finding.code)


def _policy(roots: tuple[bytes, ...]) -> TrustPolicy:
    return TrustPolicy(
        issued_at=datetime(2019, 1, 1, tzinfo=UTC),
        expires=datetime(2031, 1, 1, tzinfo=UTC),
        algorithms=tuple(AlgorithmRule(name, None, None) for name in _NAMES),
        logs=(),
        chains=(),
        tsas=(TrustedTsa("agreement", roots, (), _POLICIES, _IMPRINTS, test=False),) if roots else (),
        submitters=(),
        quorum=Quorum(1, 1, 0),
        cas=(TrustedCa("agreement", roots, (), "licence", "XX", test=False),) if roots else (),
        issuers=(),
    )


def ask_about_arithmetic(items: Sequence[Item]) -> list[Verdict]:
    """Digest and signature of the first signature alone."""
    found = []
    for item in items:
        signatures = find_signatures([signing_cases.examined(item.file.read_bytes())])
        if not signatures:
            found.append(Verdict(REFUSED, "no signature"))
            continue
        fact = signatures[0].fact
        holds = fact.digest_ok and fact.signature_ok
        found.append(Verdict(PASSED) if holds else Verdict(FAILED, judge_signature(signatures[0]).code))
    return found


def ask_about_levels(items: Sequence[Item]) -> list[Verdict]:
    """The level of the first signature, or the one the item names."""
    documents = [signing_cases.examined(item.file.read_bytes()) for item in items]
    found = [find_signatures([document]) for document in documents]
    asked = [each[place(item) :][:1] for item, each in zip(items, found, strict=True)]
    return [Verdict(each[0].fact.level) if each else Verdict(REFUSED) for each in asked]


def ask_about_tokens(items: Sequence[Item], *, demand: bool) -> list[Verdict]:
    """Verify each token under a policy made for it; with ``demand`` the status of the certificate must be known."""
    return [_token(item, demand=demand) for item in items]


def _token(item: Item, *, demand: bool) -> Verdict:
    case = item.options["case"]
    assert isinstance(case, dict)
    nonce = case.get("nonce")
    if "request" in case:
        request = item.file.parents[1] / case["request"]
        nonce = tsp.TimeStampReq.load(request.read_bytes())["nonce"].native
    window = next(iter(case.get("tsa_valid_for", [{}])))
    tsa = TrustedTsa(
        name=item.name,
        roots=tuple(map(der, item.roots)),
        pins=(),
        policy_oids=(case.get("requested_policy", case.get("policy", "1.2.3")),),
        imprint_algs=_IMPRINTS,
        test=False,
        valid_from=_moment(window.get("start")),
        valid_until=_moment(window.get("end")),
    )
    try:
        result = verify_timestamp(
            item.file.read_bytes(),
            message=item.stamped.read_bytes() if item.stamped else b"",
            tsa=tsa,
            nonce=nonce,
            extra_certificates=[der(path) for path in item.others],
            crls=[der(path) for path in item.crls],
            at=None if case.get("validate_at", "genTime") == "genTime" else item.at,
        )
    except (InsufficientError, UncheckableError) as error:
        return Verdict(INDETERMINATE, error.code)
    except EvidenceError as error:
        return Verdict(FAILED, error.code)
    if demand and REMARK_REVOCATION_NOT_CHECKED in result.remarks:
        return Verdict(INDETERMINATE, _NOT_CHECKED)
    return Verdict(PASSED)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
