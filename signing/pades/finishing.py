"""For the long term: the status of all signers, and a document time-stamp over everything (PAdES B-LTA).

The same act brings a signature that got no time of its own to a level where it has one, whenever an authority answers
again. Only revisions are added: what was signed stays as it was.
"""

from dataclasses import dataclass
from functools import reduce
from operator import add

from asn1crypto import cms
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from zheng_verifier.pdf_signatures import SignatureFacts, read_signatures

from signing.errors import Refused
from signing.pades.embedding import make_room
from signing.pades.examine import examine
from signing.pades.ports import StatusSource, TimestampFailed, ValidationData
from signing.pades.signing import Level
from signing.pades.store import add_validation_data
from signing.pades.tokens import RESERVED, Token, Tokens
from signing.pades.writer import AppendingWriter

_LEVELS: dict[str, Level] = {
    "B-B": "pades_b_b",
    "B-T": "pades_b_t",
    "B-LT": "pades_b_lt",
    "B-LTA": "pades_b_lta",
}


@dataclass(frozen=True, slots=True)
class Finished:
    """A file and the lowest level of its signatures, as our verifier reads it; ``trouble`` says why it is no higher."""

    pdf: bytes
    level: Level
    token: Token | None
    trouble: str = ""


def finish(pdf: bytes, *, tokens: Tokens, status: StatusSource) -> Finished:
    """Add fresh status of every signer, then a document time-stamp, then the status of its authority. Blocking.

    For a contract that is complete, and for a file whose signature got no time (``SignedRevision.trouble``): then before
    the next party signs, as short-lived certificates end soon. It may be repeated. An authority that does not answer
    costs the time-stamp and nothing else.

    Raises:
        Refused: what ``examine`` refuses; pdf-unsigned: there is nothing to finish.

    """
    facts = examine(pdf)
    signers = [each.signer for each in facts.signatures if not each.is_timestamp and each.signer is not None]
    if not signers:
        raise Refused("pdf-unsigned", "the file has no signature")
    known = reduce(add, map(status, dict.fromkeys(signers)), ValidationData())
    lasting = add_validation_data(pdf, known)
    try:
        lasting, token = _stamp(lasting, facts, tokens)
    except TimestampFailed as error:
        return Finished(lasting, _lowest_level(lasting), None, str(error))
    lasting = add_validation_data(lasting, token.data)
    level = _lowest_level(lasting)
    return Finished(
        lasting, level, token, "" if level == "pades_b_lta" else "the status of a signer is not known"
    )


def _stamp(pdf: bytes, facts: SignatureFacts, tokens: Tokens) -> tuple[bytes, Token]:
    number = 1 + sum(each.is_timestamp for each in facts.signatures)
    placeholder = DocumentTimestamp(bytes_reserved=2 * RESERVED)  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
    room = make_room(AppendingWriter(pdf), f"Timestamp-{number}", placeholder, new=True)
    token = tokens.obtain(room.digest)
    return room.fill(cms.ContentInfo.load(token.der)), token


def _lowest_level(pdf: bytes) -> Level:
    facts = read_signatures(pdf)
    levels = [each.level for each in facts.signatures if not each.is_timestamp]
    return next(_LEVELS[level] for level in _LEVELS if level in levels)
