"""TSTInfo: what a time-stamping authority says (RFC 3161 §2.4.2)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import core, tsp

from zheng_verifier.errors import MalformedError
from zheng_verifier.timestamp.algorithms import AlgorithmIdentifier, read_algorithm
from zheng_verifier.timestamp.der import PARSE_ERRORS, check_der

WHERE = "tstInfo"

_GEN_TIME = re.compile(rb"([0-9]{14})(?:\.([0-9]*[1-9]))?Z")  # X.690 §11.7: UTC, seconds, no trailing zeros
_MAX_INTEGER_BYTES = 64  # RFC 3161 asks for serial numbers up to 160 bits
_MAX_ACCURACY_SECONDS = 2**31


@dataclass(frozen=True, slots=True)
class GeneralName:
    """A GeneralName (RFC 5280 §4.2.1.6) to compare: its alternative, and its value in comparable form."""

    kind: str
    value: str


def read_general_name(value: Any) -> GeneralName:
    """Take kind and comparable value out of asn1crypto's GeneralName."""
    chosen = value.chosen
    return GeneralName(value.name, chosen.hashable if value.name == "directory_name" else str(chosen.native))


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How far genTime may be off, either way."""

    seconds: int
    millis: int
    micros: int

    @property
    def delta(self) -> timedelta:
        """The accuracy as one duration."""
        return timedelta(seconds=self.seconds, milliseconds=self.millis, microseconds=self.micros)


@dataclass(frozen=True, slots=True)
class TstInfo:
    """The signed statement: who holds ``imprint`` by ``imprint_algorithm`` is not younger than ``gen_time``.

    ``gen_time`` is aware UTC in microseconds, rounded up where the token is finer. ``tsa`` is the
    name the authority gives itself, ``critical_extensions`` their dotted OIDs.
    """

    policy_oid: str
    imprint_algorithm: AlgorithmIdentifier
    imprint: bytes
    serial_number: int
    gen_time: datetime
    accuracy: Accuracy | None
    nonce: int | None
    tsa: GeneralName | None
    critical_extensions: tuple[str, ...]


def parse_tst_info(data: bytes) -> TstInfo:
    """Read the DER of a TSTInfo, the eContent of a token.

    Raises:
        MalformedError: FORMAT_FAILURE: not DER, another version, a field outside its range.

    """
    check_der(data, WHERE)
    try:
        return _read(tsp.TSTInfo.load(data, strict=True))
    except PARSE_ERRORS as error:
        raise MalformedError("FORMAT_FAILURE", f"TSTInfo does not parse: {error}", WHERE) from error


def _read(info: Any) -> TstInfo:
    if int(info["version"]) != 1:
        raise MalformedError("FORMAT_FAILURE", "TSTInfo version is not 1", WHERE)
    imprint = info["message_imprint"]
    extensions = info["extensions"]
    if isinstance(extensions, core.Void):
        extensions = ()
    return TstInfo(
        policy_oid=info["policy"].dotted,
        imprint_algorithm=read_algorithm(imprint["hash_algorithm"]),
        imprint=bytes(imprint["hashed_message"]),
        serial_number=_integer(info["serial_number"], "serialNumber"),
        gen_time=_gen_time(info["gen_time"].contents),
        accuracy=_accuracy(info["accuracy"]),
        nonce=_optional(info["nonce"], "nonce"),
        tsa=None if isinstance(info["tsa"], core.Void) else read_general_name(info["tsa"]),
        critical_extensions=tuple(e["extn_id"].dotted for e in extensions if e["critical"].native),
    )


def _integer(value: Any, name: str) -> int:
    if len(value.contents) > _MAX_INTEGER_BYTES:
        raise MalformedError("FORMAT_FAILURE", f"{name} is longer than {_MAX_INTEGER_BYTES} bytes", WHERE)
    return int(value)


def _optional(value: Any, name: str) -> int | None:
    return None if isinstance(value, core.Void) else _integer(value, name)


def _gen_time(contents: bytes) -> datetime:
    match = _GEN_TIME.fullmatch(contents)
    if match is None:
        raise MalformedError("FORMAT_FAILURE", "genTime is not a GeneralizedTime in DER", f"{WHERE}.genTime")
    second = datetime.strptime(match[1].decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    fraction = match[2] or b"0"
    # Rounded up: the imprint existed not after genTime, and an earlier time would claim more than was signed.
    micros = -(-int(fraction) * 10**6 // 10 ** len(fraction))
    return second + timedelta(microseconds=micros)


def _accuracy(value: Any) -> Accuracy | None:
    if isinstance(value, core.Void):
        return None
    seconds = _optional(value["seconds"], "accuracy.seconds")
    millis = _optional(value["millis"], "accuracy.millis")
    micros = _optional(value["micros"], "accuracy.micros")
    # millis and micros are INTEGER (1..999): zero is said by leaving them out.
    if not 0 <= (seconds or 0) < _MAX_ACCURACY_SECONDS or not all(
        part is None or 1 <= part <= 999 for part in (millis, micros)
    ):
        raise MalformedError("FORMAT_FAILURE", "accuracy is out of range", f"{WHERE}.accuracy")
    return Accuracy(seconds or 0, millis or 0, micros or 0)
