"""Time-stamp tokens for signing: asked for, judged as a stranger will judge them, or not used at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, tsp
from zheng_verifier.errors import EvidenceError
from zheng_verifier.timestamp import parse_response, verify_timestamp

from signing.pades.ports import Timestamper, TimestampFailed, ValidationData
from signing.ports import Random

RESERVED = 12_288
"""Bytes of a file kept for one token: authorities enclose chains of three or four certificates, some with RSA-4096."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token (DER, CMS ContentInfo) that our verifier accepted, whose it is and the time it states."""

    der: bytes
    tsa: str
    gen_time: datetime
    data: ValidationData


@dataclass(frozen=True, slots=True)
class Tokens:
    """Gets tokens from the first authority that gives one that holds."""

    timestampers: Sequence[Timestamper]
    random: Random

    def obtain(self, sha256: bytes) -> Token:
        """Have a digest of 32 bytes time-stamped.

        Raises:
            TimestampFailed: no authority gave a token that holds; the reasons of all, in one English sentence each.

        """
        reasons = []
        for each in self.timestampers:
            try:
                return self._ask(each, sha256)
            except TimestampFailed as error:
                reasons.append(f"{each.trusted.name}: {error}")
        raise TimestampFailed("; ".join(reasons) or "no time-stamping authority is configured")

    def _ask(self, timestamper: Timestamper, sha256: bytes) -> Token:
        trusted = timestamper.trusted
        nonce = int.from_bytes(self.random(8), "big")
        raw = timestamper.request(_query(sha256, nonce))
        try:
            token = parse_response(raw).granted()
            result = verify_timestamp(raw, message={"sha256": sha256}, tsa=trusted, nonce=nonce)
        except EvidenceError as error:
            raise TimestampFailed(f"its answer does not hold ({error.code}): {error.detail}") from error
        if len(token.der) > RESERVED:
            raise TimestampFailed(f"its token has {len(token.der)} bytes, and {RESERVED} are kept for it")
        data = ValidationData(certificates=(*token.certificates, *trusted.roots))
        return Token(token.der, trusted.name, result.gen_time, data + timestamper.validation_data())


def _query(sha256: bytes, nonce: int) -> bytes:
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": sha256}
    query = {"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(query).dump())
