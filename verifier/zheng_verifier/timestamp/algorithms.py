"""Digest and signature algorithms of time-stamp tokens and of the certificates behind them.

What is not named here is unknown, and unknown is neither true nor false (UNKNOWN_ALGORITHM). SM2 is among the
unknown: the ``cryptography`` library does not verify it. SHA-1 and MD5 are read, so that a broken token can be
told from an old one, and are reported as weak by the caller.
"""

from dataclasses import dataclass
from typing import Any

from asn1crypto import algos
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from zheng_verifier.errors import MalformedError, UncheckableError, VerificationError
from zheng_verifier.timestamp.der import PARSE_ERRORS

IMPRINT_ALGORITHMS = ("sha256", "sha384", "sha512", "sm3")
"""Digests a trust policy may allow for message imprints."""

WEAK_DIGESTS = frozenset({"md5", "sha1"})
MIN_RSA_BITS = 2048
_MAX_RSA_BITS = 8192  # more costs seconds, and no authority uses it

_DIGESTS: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    "2.16.840.1.101.3.4.2.1": ("sha256", hashes.SHA256()),
    "2.16.840.1.101.3.4.2.2": ("sha384", hashes.SHA384()),
    "2.16.840.1.101.3.4.2.3": ("sha512", hashes.SHA512()),
    "1.2.156.10197.1.401": ("sm3", hashes.SM3()),
    "1.3.14.3.2.26": ("sha1", hashes.SHA1()),  # noqa: S303  (read in order to be reported as weak)
    "1.2.840.113549.2.5": ("md5", hashes.MD5()),  # noqa: S303
}
_BY_NAME = dict(_DIGESTS.values())

_RSA_PLAIN = "1.2.840.113549.1.1.1"
_RSA_PSS = "1.2.840.113549.1.1.10"
_ED25519 = "1.3.101.112"
_RSA = {
    "1.2.840.113549.1.1.4": "md5",
    "1.2.840.113549.1.1.5": "sha1",
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}
_ECDSA = {
    "1.2.840.10045.4.1": "sha1",
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
_NULL = b"\x05\x00"


@dataclass(frozen=True, slots=True)
class AlgorithmIdentifier:
    """AlgorithmIdentifier (RFC 5280 §4.1.1.2): dotted OID and DER parameters, None where absent."""

    oid: str
    parameters: bytes | None


@dataclass(frozen=True, slots=True)
class SignatureScheme:
    """How a signature is made: ``name`` for reports (``rsa-pss-sha256``), ``digest`` the name of its digest."""

    name: str
    digest: str
    salt_size: int | None = None


def read_algorithm(value: Any) -> AlgorithmIdentifier:
    """Take OID and parameters out of any AlgorithmIdentifier of asn1crypto."""
    parameters = value["parameters"].dump()
    return AlgorithmIdentifier(value["algorithm"].dotted, parameters or None)


def _unknown(oid: str, where: str) -> UncheckableError:
    return UncheckableError("UNKNOWN_ALGORITHM", f"algorithm {oid} is not known to this verifier", where)


def digest_name(algorithm: AlgorithmIdentifier, where: str) -> str:
    """Name a digest algorithm: one of ``IMPRINT_ALGORITHMS`` or ``WEAK_DIGESTS``.

    Raises:
        MalformedError: parameters other than NULL or none (RFC 5754 §2).
        UncheckableError: UNKNOWN_ALGORITHM.

    """
    if algorithm.oid not in _DIGESTS:
        raise _unknown(algorithm.oid, where)
    if algorithm.parameters not in (None, _NULL):
        raise MalformedError("FORMAT_FAILURE", "a digest algorithm takes no parameters", where)
    return _DIGESTS[algorithm.oid][0]


def digest(name: str, data: bytes) -> bytes:
    """Digest ``data`` by the algorithm ``digest_name`` gave."""
    hasher = hashes.Hash(_BY_NAME[name])
    hasher.update(data)
    return hasher.finalize()


def digest_size(name: str) -> int:
    """Size in bytes of the digest of that name."""
    return _BY_NAME[name].digest_size


def signature_scheme(algorithm: AlgorithmIdentifier, cms_digest: str | None, where: str) -> SignatureScheme:
    """Read a signature algorithm; ``cms_digest`` is SignerInfo.digestAlgorithm, None for certificates and CRLs.

    Raises:
        MalformedError: parameters that the algorithm does not take.
        VerificationError: SIG_CONSTRAINTS_FAILURE: the signature's digest is not the SignerInfo's.
        UncheckableError: UNKNOWN_ALGORITHM.

    """
    scheme, parameters_good = _scheme(algorithm, cms_digest, where)
    if not parameters_good:
        raise MalformedError("FORMAT_FAILURE", "parameters that the signature algorithm does not take", where)
    if cms_digest is not None and scheme.digest != cms_digest:
        detail = f"signature by {scheme.name}, but signed attributes by {cms_digest}"
        raise VerificationError("SIG_CONSTRAINTS_FAILURE", detail, where)
    return scheme


def _scheme(
    algorithm: AlgorithmIdentifier, cms_digest: str | None, where: str
) -> tuple[SignatureScheme, bool]:
    oid, parameters = algorithm.oid, algorithm.parameters
    if oid == _RSA_PLAIN and cms_digest is not None:
        return SignatureScheme(f"rsa-{cms_digest}", cms_digest), parameters in (None, _NULL)
    if oid in _RSA:
        return SignatureScheme(f"rsa-{_RSA[oid]}", _RSA[oid]), parameters in (None, _NULL)
    if oid in _ECDSA:
        return SignatureScheme(f"ecdsa-{_ECDSA[oid]}", _ECDSA[oid]), parameters is None
    if oid == _ED25519:
        # In CMS the attributes are digested with SHA-512 (RFC 8419 §3), which is also Ed25519's own digest.
        return SignatureScheme("ed25519", "sha512"), parameters is None
    if oid == _RSA_PSS and parameters is not None:
        return _pss_scheme(parameters, where), True
    raise _unknown(oid, where)


def _pss_scheme(parameters: bytes, where: str) -> SignatureScheme:
    """Read RSASSA-PSS-params (RFC 4055 §3.1): one digest for both, MGF1, the one trailer."""
    try:
        params = algos.RSASSAPSSParams.load(parameters, strict=True)
        name = digest_name(read_algorithm(params["hash_algorithm"]), where)
        mask = params["mask_gen_algorithm"]
        mask_name = digest_name(read_algorithm(mask["parameters"]), where)
        mask_oid, salt, trailer = (
            mask["algorithm"].dotted,
            int(params["salt_length"]),
            int(params["trailer_field"]),
        )
    except PARSE_ERRORS as error:
        raise MalformedError("FORMAT_FAILURE", "RSASSA-PSS parameters do not parse", where) from error
    if mask_oid != "1.2.840.113549.1.1.8" or mask_name != name or trailer != 1 or salt < 0:
        raise UncheckableError("UNKNOWN_ALGORITHM", "an unusual variant of RSASSA-PSS", where)
    return SignatureScheme(f"rsa-pss-{name}", name, salt)


def rsa_bits(spki: bytes) -> int | None:
    """Modulus size of an RSA key in bits, None for other kinds; ``spki`` must load."""
    key = serialization.load_der_public_key(spki)
    return key.key_size if isinstance(key, rsa.RSAPublicKey) else None


def verify_signature(
    scheme: SignatureScheme, *, spki: bytes, signature: bytes, data: bytes, where: str
) -> None:
    """Verify ``signature`` over ``data`` under the SubjectPublicKeyInfo ``spki`` (DER).

    Raises:
        VerificationError: SIG_CRYPTO_FAILURE: false, or the key is of another kind than the signature.
        UncheckableError: UNKNOWN_ALGORITHM: a kind of key, curve or size that is not known.

    """
    try:
        key = serialization.load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UncheckableError("UNKNOWN_ALGORITHM", "a public key of an unknown kind", where) from error
    algorithm = _BY_NAME[scheme.digest]
    try:
        match key:
            case rsa.RSAPublicKey() if scheme.name.startswith("rsa-"):
                if key.key_size > _MAX_RSA_BITS:
                    raise UncheckableError("UNKNOWN_ALGORITHM", f"RSA key of {key.key_size} bits", where)
                key.verify(signature, data, _rsa_padding(scheme, algorithm), algorithm)
            case ec.EllipticCurvePublicKey() if scheme.name.startswith("ecdsa-"):
                if not isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1 | ec.SECP521R1):
                    raise UncheckableError("UNKNOWN_ALGORITHM", f"elliptic curve {key.curve.name}", where)
                key.verify(signature, data, ec.ECDSA(algorithm))
            case ed25519.Ed25519PublicKey() if scheme.name == "ed25519":
                key.verify(signature, data)
            case _:
                raise VerificationError("SIG_CRYPTO_FAILURE", f"the key is not for {scheme.name}", where)
    except InvalidSignature as error:
        raise VerificationError(
            "SIG_CRYPTO_FAILURE", f"the {scheme.name} signature is false", where
        ) from error


def _rsa_padding(scheme: SignatureScheme, algorithm: hashes.HashAlgorithm) -> padding.PKCS1v15 | padding.PSS:
    if scheme.salt_size is None:
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(algorithm), scheme.salt_size)
