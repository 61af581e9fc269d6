"""Signing PDF documents (PAdES): fields prepared once, signatures as incremental updates, the long term at the end.

    examine            may it be signed? encrypted, locked, damaged, hostile: refused with a reason
    geometry           places on a page, pure
    fields             ``prepare_fields``: empty fields behind the bytes that were shown
    filling            ``fill_fields``: form fields filled in, in one revision
    signing            ``sign``: one signature, B-LT where a time-stamping authority answers
    finishing          ``finish``: a document time-stamp over all, B-LTA; also what makes up for a missing time
    tokens, store, embedding, appearance, writer    the parts
    ports              what signs, who tells the time, who tells the status of certificates

Time comes from an authority or is not stated: no clock of ours is put in its place.
"""

from signing.pades.examine import MAX_SIZE, examine
from signing.pades.fields import SignatureField, prepare_fields
from signing.pades.filling import FieldValue, fill_fields
from signing.pades.finishing import Finished, finish
from signing.pades.geometry import Rectangle
from signing.pades.ports import (
    Credential,
    StatusSource,
    Timestamper,
    TimestampFailed,
    ValidationData,
)
from signing.pades.signing import Level, SignedRevision, sign
from signing.pades.tokens import Token, Tokens

__all__ = [
    "MAX_SIZE",
    "Credential",
    "FieldValue",
    "Finished",
    "Level",
    "Rectangle",
    "SignatureField",
    "SignedRevision",
    "StatusSource",
    "TimestampFailed",
    "Timestamper",
    "Token",
    "Tokens",
    "ValidationData",
    "examine",
    "fill_fields",
    "finish",
    "prepare_fields",
    "sign",
]
