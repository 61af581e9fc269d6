"""The submitter's signature over his claim: a JWS (RFC 7515) whose payload is the claim's canonical bytes.

The entry carries it as ``<protected>..<signature>`` (RFC 7515 Appendix F, payload detached). The protected header is
exactly ``alg``, ``kid`` and ``typ``; ``kid`` is the SHA-256 of the key's SubjectPublicKeyInfo, so that the key is
named by itself and not by an id that somebody could map anew. ``jku``, ``jwk``, ``x5c``, ``crit``, ``b64`` and
anything else in the header are refused.
"""

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from zheng_verifier.canonical import Fields, Limits, format_json, parse_canonical
from zheng_verifier.encoding import format_base64url, parse_base64url
from zheng_verifier.errors import MalformedError, UncheckableError, VerificationError

CLAIM_TYPE = "zheng-claim+sd-jwt"
KEY_TYPE = "zheng-key+jws"
_HEADER_LIMITS = Limits(max_bytes=512, max_depth=1, max_string=128)
_ALGORITHMS = ("EdDSA", "ES256")
_SIGNATURE_SIZE = 64
_MAX_JWS = 1_024


@dataclass(frozen=True, slots=True)
class DetachedJws:
    """A JWS without its payload: the protected header as sent, its fields, and the 64-byte signature."""

    protected: str
    algorithm: str
    kid: bytes
    signature: bytes


def key_fingerprint(spki: bytes) -> bytes:
    """Compute a key's ``kid``: SHA-256 over its DER SubjectPublicKeyInfo."""
    return hashlib.sha256(spki).digest()


def format_protected(algorithm: str, kid: bytes, typ: str = CLAIM_TYPE) -> str:
    """Write a protected header in its only form."""
    return format_base64url(format_json({"alg": algorithm, "kid": format_base64url(kid), "typ": typ}))


def signing_input(protected: str, payload: bytes) -> bytes:
    """Give the bytes a signer signs (RFC 7515 §5.1): header, dot, base64url of the payload."""
    return f"{protected}.{format_base64url(payload)}".encode("ascii")


def format_jws(protected: str, signature: bytes) -> str:
    """Write a detached JWS."""
    return f"{protected}..{format_base64url(signature)}"


def parse_jws(text: str, *, typ: str = CLAIM_TYPE, where: str = "jws") -> DetachedJws:
    """Read a detached JWS of the type ``typ``; the signature is not checked.

    Raises:
        MalformedError: not the compact detached form, a header with other members, a signature not of 64 bytes.
        UncheckableError: code UNKNOWN_ALGORITHM: neither EdDSA nor ES256.

    """
    parts = text.split(".")
    if len(text) > _MAX_JWS or len(parts) != 3 or parts[1]:
        raise MalformedError("FORMAT_FAILURE", "not <protected>..<signature>", where)
    fields = Fields(parse_canonical(parse_base64url(parts[0], where=where), _HEADER_LIMITS), where)
    algorithm = fields.text("alg", max_bytes=16)
    kid = parse_base64url(fields.text("kid"), size=32, where=fields.path("kid"))
    fields.text("typ", choices=(typ,))
    fields.end()
    if algorithm not in _ALGORITHMS:
        raise UncheckableError(
            "UNKNOWN_ALGORITHM", f"signatures by '{algorithm}' are not supported", fields.path("alg")
        )
    return DetachedJws(parts[0], algorithm, kid, parse_base64url(parts[2], size=_SIGNATURE_SIZE, where=where))


def _load_public_key(spki: bytes) -> ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey:
    try:
        key = load_der_public_key(spki)
        canonical = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except UnsupportedAlgorithm as error:
        raise UncheckableError("UNKNOWN_ALGORITHM", "a key of an unknown type or curve", "spki") from error
    except (ValueError, TypeError) as error:
        raise MalformedError("FORMAT_FAILURE", "not a SubjectPublicKeyInfo", "spki") from error
    if canonical != spki:
        raise MalformedError("FORMAT_FAILURE", "the public key is not in its canonical DER form", "spki")
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise UncheckableError("UNKNOWN_ALGORITHM", "submitters' keys are Ed25519 or P-256", "spki")


def check_public_key(spki: bytes) -> str:
    """Give the algorithm of a public key, the only one it may sign with.

    Raises:
        MalformedError: not the DER of a SubjectPublicKeyInfo in its only form.
        UncheckableError: code UNKNOWN_ALGORITHM: neither Ed25519 nor P-256.

    """
    return "EdDSA" if isinstance(_load_public_key(spki), ed25519.Ed25519PublicKey) else "ES256"


def verify_jws(text: str, payload: bytes, spki: bytes, *, typ: str = CLAIM_TYPE) -> bytes:
    """Check a detached JWS over ``payload`` by the key ``spki`` and give its ``kid``.

    Raises:
        MalformedError: the JWS or the key does not parse.
        VerificationError: code SIG_CRYPTO_FAILURE: another key is named, or the signature does not hold.
        UncheckableError: code UNKNOWN_ALGORITHM.

    """
    jws = parse_jws(text, typ=typ)
    if jws.kid != key_fingerprint(spki) or jws.algorithm != check_public_key(spki):
        raise VerificationError(
            "SIG_CRYPTO_FAILURE", "the signature names another key or algorithm", "jws/kid"
        )
    message = signing_input(jws.protected, payload)
    key = _load_public_key(spki)
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(jws.signature, message)
        else:
            # RFC 7518 §3.4: r ‖ s of 32 bytes each; the library wants them in DER.
            r, s = int.from_bytes(jws.signature[:32]), int.from_bytes(jws.signature[32:])
            key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise VerificationError("SIG_CRYPTO_FAILURE", "the signature does not hold", "jws") from error
    return jws.kid
