"""Vectors of claim, entry, leaf, sealed values and the submitter's signature (docs/spec/entry.md)."""

import hashlib
import json

from cases import (
    CLAIM,
    DISCLOSURE,
    ENTRY,
    FALSE,
    FIRST_ENTRY,
    FIRST_LEAF,
    JWS,
    LEAF,
    MALFORMED,
    OK,
    OPENED,
    PLATFORM,
    PLATFORM_P256,
    UNCHECKABLE,
    Case,
    case,
    changed,
    seed,
    sign_claim,
    spki,
)
from zheng_verifier.claim import format_claim
from zheng_verifier.encoding import format_base64url
from zheng_verifier.jws import format_jws, format_protected, key_fingerprint
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.sealed import Disclosure, disclosure_digest, format_disclosure, sealed_value


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def claim_cases() -> list[Case]:
    """Make the cases; each input is read as a claim."""
    body = json.loads(CLAIM)
    digest = format_base64url(seed("another digest"))
    document = body["documents"][0]
    bad = {
        "log left out": ({"log": None}, "FIELD_MISSING"),
        "unknown member": ({"note": "x"}, "UNKNOWN_FIELD"),
        "flat _sd": ({"_sd": [digest]}, "UNKNOWN_FIELD"),
        "kind of an entry": ({"zheng": "entry/v1"}, "FORMAT_FAILURE"),
        "id that is no UUID": ({"id": "13800000000"}, "FORMAT_FAILURE"),
        "id in upper case": ({"id": body["id"].upper()}, "FORMAT_FAILURE"),
        "type without version": ({"type": "document.viewed"}, "FORMAT_FAILURE"),
        "origin with a space": ({"log": "zheng.example TEST"}, "FORMAT_FAILURE"),
        "origin cosignature/v1": ({"log": "cosignature/v1"}, "FORMAT_FAILURE"),
        "time without milliseconds": ({"occurred_at": "2026-01-01T08:00:00Z"}, "FORMAT_FAILURE"),
        "leap second": ({"occurred_at": "2026-01-01T08:00:60.000Z"}, "FORMAT_FAILURE"),
        "time as a number": ({"occurred_at": 1}, "WRONG_TYPE"),
        "actor of another kind": ({"actor": body["actor"] | {"kind": "robot"}}, "FORMAT_FAILURE"),
        "actor by account": ({"actor": body["actor"] | {"ref": "account-17"}}, "FORMAT_FAILURE"),
        "document with a file name": ({"documents": [document | {"name": "lease.pdf"}]}, "UNKNOWN_FIELD"),
        "document without SHA-256": (
            {"documents": [document | {"digests": {"sm3": "0" * 64}}]},
            "FIELD_MISSING",
        ),
        "digest in upper case": (
            {"documents": [document | {"digests": {"sha256": "A" * 64}}]},
            "FORMAT_FAILURE",
        ),
        "65 documents": ({"documents": [document] * 65}, "TOO_MANY"),
        "empty after": ({"after": []}, "FORMAT_FAILURE"),
        "after of an unknown kind": ({"after": [{"kind": "drand", "hash": digest}]}, "FORMAT_FAILURE"),
        "five bounds in after": ({"after": body["after"] * 5}, "TOO_MANY"),
        "_sd_alg left out": ({"_sd_alg": None}, "FORMAT_FAILURE"),
        "_sd_alg with nothing sealed": ({"data": {}}, "FORMAT_FAILURE"),
        "_sd_alg of SHA-512": ({"_sd_alg": "sha-512"}, "FORMAT_FAILURE"),
        "_sd_alg within data": ({"data": body["data"] | {"x": {"_sd_alg": "sha-256"}}}, "FORMAT_FAILURE"),
        "data sealed as a whole": ({"data": sealed_value(digest)}, "FORMAT_FAILURE"),
        "two digests in one sealed value": ({"data": {"ip": {"_sd": [digest, digest]}}}, "TOO_MANY"),
        "member beside the digest": ({"data": {"ip": sealed_value(digest) | {"x": 1}}}, "UNKNOWN_FIELD"),
        "digest of 31 bytes": ({"data": {"ip": {"_sd": [format_base64url(bytes(31))]}}}, "FORMAT_FAILURE"),
        "one digest for two values": (
            {"data": {"ip": sealed_value(digest), "session": sealed_value(digest)}},
            "DUPLICATE_DIGEST",
        ),
    }
    return [
        case("signed with a sealed value", OK, CLAIM, sha256=_sha256(CLAIM)),
        case("smallest", OK, format_claim(OPENED), sha256=_sha256(format_claim(OPENED))),
        case("later version", UNCHECKABLE, changed(body, zheng="claim/v2"), "UNKNOWN_VERSION"),
        case("laid out", MALFORMED, json.dumps(body, indent=1).encode(), "CANONICALIZATION_MISMATCH"),
        *(case(name, MALFORMED, changed(body, **changes), code) for name, (changes, code) in bad.items()),
    ]


def entry_cases() -> list[Case]:
    """Make the cases; each input is read as an entry."""
    body = json.loads(ENTRY)
    sm2 = format_jws(format_protected("SM2", key_fingerprint(b"TEST")), bytes(64))
    bad = {
        "nonce left out": ({"nonce": None}, "FIELD_MISSING"),
        "nonce of 15 bytes": ({"nonce": format_base64url(bytes(15))}, "FORMAT_FAILURE"),
        "nonce with padding": ({"nonce": body["nonce"] + "=="}, "FORMAT_FAILURE"),
        "position in the log": ({"seq": 2}, "UNKNOWN_FIELD"),
        "signed without signature": ({"submitter": {"kind": "signed"}}, "FIELD_MISSING"),
        "signature beside an API key": ({"submitter": {"kind": "api-key", "jws": JWS}}, "UNKNOWN_FIELD"),
        "submitter of another kind": ({"submitter": {"kind": "anonymous"}}, "FORMAT_FAILURE"),
        "signature with payload": (
            {"submitter": {"kind": "signed", "jws": JWS.replace("..", ".e30.")}},
            "FORMAT_FAILURE",
        ),
        "checked document out of range": ({"checked": {"documents": [1], "sealed": False}}, "FORMAT_FAILURE"),
        "checked document twice": ({"checked": {"documents": [0, 0], "sealed": False}}, "FORMAT_FAILURE"),
        "sealed as a number": ({"checked": {"documents": [], "sealed": 0}}, "WRONG_TYPE"),
        "claim with an unknown member": ({"claim": body["claim"] | {"x": 1}}, "UNKNOWN_FIELD"),
    }
    return [
        case("signed by the platform", OK, ENTRY, sha256=_sha256(ENTRY)),
        case("by API key", OK, FIRST_ENTRY, sha256=_sha256(FIRST_ENTRY)),
        case("later version", UNCHECKABLE, changed(body, zheng="entry/v2"), "UNKNOWN_VERSION"),
        case(
            "signature by SM2",
            UNCHECKABLE,
            changed(body, submitter={"kind": "signed", "jws": sm2}),
            "UNKNOWN_ALGORITHM",
        ),
        *(case(name, MALFORMED, changed(body, **changes), code) for name, (changes, code) in bad.items()),
    ]


def leaf_cases() -> list[Case]:
    """Make the cases; each input is read as a leaf."""
    body = json.loads(LEAF)
    bad = {
        "prev left out": ({"prev": None}, "FORMAT_FAILURE"),
        "prev on the first": ({"seq": 1}, "FORMAT_FAILURE"),
        "seq of 0": ({"seq": 0}, "FORMAT_FAILURE"),
        "seq as text": ({"seq": "2"}, "WRONG_TYPE"),
        "entry in hexadecimal": ({"entry": "0" * 64}, "FORMAT_FAILURE"),
        "entry left out": ({"entry": None}, "FIELD_MISSING"),
        "case in upper case": ({"case": body["case"].upper()}, "FORMAT_FAILURE"),
        "unknown member": ({"tenant": body["case"]}, "UNKNOWN_FIELD"),
        "second level": ({"entry": [body["entry"]]}, "TOO_DEEP"),
        "over 512 bytes": ({"x": "y" * 400}, "TOO_LARGE"),
    }
    return [
        case("first of its case", OK, FIRST_LEAF, leaf_hash=leaf_hash(FIRST_LEAF).hex()),
        case("second of its case", OK, LEAF, leaf_hash=leaf_hash(LEAF).hex()),
        case("twin by SM3", UNCHECKABLE, changed(body, zheng="leaf/v1-sm3"), "UNKNOWN_VERSION"),
        case("line feed after", MALFORMED, LEAF + b"\n", "CANONICALIZATION_MISMATCH"),
        *(case(name, MALFORMED, changed(body, **changes), code) for name, (changes, code) in bad.items()),
    ]


def sealed_cases() -> list[Case]:
    """Make the cases: disclosures opened against the sealed values of the entries of a package."""
    salt = seed("salt of ip", 16)
    digest = disclosure_digest(DISCLOSURE)
    other = format_disclosure(Disclosure(salt, "198.51.100.9"))
    empty = format_disclosure(Disclosure(seed("salt of nothing", 16), ""))

    def package(name: str, expect: str, code: str, *entries: tuple[list[str], list[str]]) -> Case:
        made = [{"digests": digests, "disclosures": disclosures} for digests, disclosures in entries]
        return case(name, expect, code=code, entries=made)

    def raw(text: str) -> str:
        return format_base64url(text.encode())

    written = format_base64url(salt)
    bad = {
        "another name": (raw(f'["{written}","ip","203.0.113.7"]'), "FORMAT_FAILURE"),
        "two elements": (raw(f'["{written}","203.0.113.7"]'), "FORMAT_FAILURE"),
        "salt of 15 bytes": (format_disclosure(Disclosure(salt[:15], "203.0.113.7")), "FORMAT_FAILURE"),
        "sealed value within": (
            format_disclosure(Disclosure(salt, {"a": sealed_value(digest)})),
            "FORMAT_FAILURE",
        ),
        "array element digest": (raw(f'["{written}","v",[{{"...":"{digest}"}}]]'), "MEMBER_NAME"),
        "duplicate name": (raw(f'["{written}","v",{{"a":1,"a":1}}]'), "DUPLICATE_NAME"),
        "trailing blank": (raw(f'["{written}","v","203.0.113.7"] '), "CANONICALIZATION_MISMATCH"),
        "blank after a comma": (raw(f'["{written}", "v","203.0.113.7"]'), "CANONICALIZATION_MISMATCH"),
        "null": (raw(f'["{written}","v",null]'), "NULL"),
        "padding": (DISCLOSURE + "=" * (-len(DISCLOSURE) % 4 or 4), "FORMAT_FAILURE"),
        "not base64url": ("证据", "FORMAT_FAILURE"),
    }
    return [
        package("opened", OK, "", ([digest], [DISCLOSURE])),
        package("withheld", OK, "", ([digest], [])),
        package("empty value", OK, "", ([disclosure_digest(empty)], [empty])),
        package("value changed", FALSE, "COMMITMENT_MISMATCH", ([digest], [other])),
        package("opens nothing", FALSE, "COMMITMENT_MISMATCH", ([], [DISCLOSURE])),
        package(
            "opens another entry's value", FALSE, "COMMITMENT_MISMATCH", ([digest], []), ([], [DISCLOSURE])
        ),
        package("used twice", FALSE, "COMMITMENT_MISMATCH", ([digest], [DISCLOSURE, DISCLOSURE])),
        package("commitment copied", FALSE, "COMMITMENT_MISMATCH", ([digest], []), ([digest], [])),
        package(
            "salt repeated",
            FALSE,
            "COMMITMENT_MISMATCH",
            ([digest], [DISCLOSURE]),
            ([disclosure_digest(other)], [other]),
        ),
        *(package(name, MALFORMED, code, ([digest], [text])) for name, (text, code) in bad.items()),
    ]


def jws_cases() -> list[Case]:
    """Make the cases: a detached signature, the payload it is over, the key it is checked with."""
    key, p256 = spki(PLATFORM), spki(PLATFORM_P256)
    protected, signature = JWS.split("..")
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    twelve = sign_claim(CLAIM, PLATFORM_P256)
    with_crit = format_base64url(
        b'{"alg":"EdDSA","crit":["b64"],"kid":"'
        + format_base64url(key_fingerprint(key)).encode()
        + b'","typ":"x"}'
    )

    def made(
        name: str, expect: str, jws: str, code: str = "", payload: bytes = CLAIM, by: bytes = key
    ) -> Case:
        return case(name, expect, payload, code, jws=jws, spki_hex=by.hex())

    def headed(alg: str = "EdDSA", typ: str = "zheng-claim+sd-jwt", by: bytes = key) -> str:
        return f"{format_protected(alg, key_fingerprint(by), typ)}..{signature}"

    return [
        made("Ed25519", OK, JWS),
        made("P-256", OK, twelve, by=p256),
        made("claim changed", FALSE, JWS, "SIG_CRYPTO_FAILURE", CLAIM.replace(b'"h5"', b'"pc"')),
        made("signature of zeros", FALSE, format_jws(protected, bytes(64)), "SIG_CRYPTO_FAILURE"),
        made("another key", FALSE, JWS, "SIG_CRYPTO_FAILURE", by=p256),
        made("algorithm of another key", FALSE, headed(by=p256), "SIG_CRYPTO_FAILURE", by=p256),
        made(
            "ECDSA with r of 0 and s of 0",
            FALSE,
            format_jws(twelve.split("..")[0], bytes(64)),
            "SIG_CRYPTO_FAILURE",
            by=p256,
        ),
        made(
            "ECDSA with r and s of the group's order",
            FALSE,
            format_jws(twelve.split("..")[0], order.to_bytes(32) * 2),
            "SIG_CRYPTO_FAILURE",
            by=p256,
        ),
        made("alg none", UNCHECKABLE, headed(alg="none"), "UNKNOWN_ALGORITHM"),
        made("alg HS256", UNCHECKABLE, headed(alg="HS256"), "UNKNOWN_ALGORITHM"),
        made("typ of a report", MALFORMED, headed(typ="zheng-report+jws"), "FORMAT_FAILURE"),
        made("crit in the header", MALFORMED, f"{with_crit}..{signature}", "TOO_DEEP"),
        made("payload attached", MALFORMED, JWS.replace("..", ".e30."), "FORMAT_FAILURE"),
        made("padding", MALFORMED, JWS + "==", "FORMAT_FAILURE"),
        made("signature of 63 bytes", MALFORMED, format_jws(protected, bytes(63)), "FORMAT_FAILURE"),
        made("key cut off", MALFORMED, headed(by=key[:-1]), "FORMAT_FAILURE", by=key[:-1]),
    ]
