"""Passwords, one-time codes, recovery codes and tokens: how each is made, kept and compared.

Passwords are kept as Argon2id (RFC 9106). Codes are TOTP (RFC 6238) with SHA-1 and six digits, because that is what
every authenticator app reads. Tokens and recovery codes are random enough that one plain SHA-256 of them is kept.
"""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from zheng_verifier.encoding import format_base64url

from signing.errors import Refused
from signing.ports import Random

STEP = 30
_DIGITS = 6
_TOTP_SECRET = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
_DIGEST = 32
_LENGTHS = (12, 128)
_DIFFERENT = 5


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """Work of one Argon2id: passes, memory in KiB, lanes. The default is OWASP's second choice for servers."""

    iterations: int = 2
    memory: int = 19 * 1024
    lanes: int = 1


def hash_password(password: str, cost: PasswordCost, random: Random) -> str:
    """Give the PHC text of a password."""
    kdf = Argon2id(
        salt=random(16), length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory
    )
    return kdf.derive_phc_encoded(_bytes(password))


def password_matches(password: str, phc: str) -> bool:
    """Tell whether this is the password; the comparison takes the same time either way."""
    try:
        Argon2id.verify_phc_encoded(_bytes(password), phc)
    except InvalidKey:
        return False
    return True


def check_new_password(password: str, *, avoid: Sequence[str]) -> None:
    """Refuse passwords that are guessed first: short ones, and those made of what is known of the person.

    Raises:
        Refused: password-weak.
    """
    least, most = _LENGTHS
    folded = password.casefold()
    if not least <= len(password) <= most:
        raise Refused("password-weak", field="/password", expected=f"{least} to {most} characters")
    if len(set(folded)) < _DIFFERENT:
        raise Refused(
            "password-weak", field="/password", expected=f"at least {_DIFFERENT} different characters"
        )
    if any(len(each) >= 4 and each.casefold() in folded for each in avoid):
        raise Refused(
            "password-weak", "It contains the login name, the name or the number.", field="/password"
        )


def new_totp_secret(random: Random) -> bytes:
    """Draw the secret of a second factor: 20 bytes (RFC 4226 §4)."""
    return random(_TOTP_SECRET)


def totp_text(secret: bytes) -> str:
    """Write a secret as people type it: base32."""
    return base64.b32encode(secret).decode()


def totp_uri(secret: bytes, *, account: str, issuer: str) -> str:
    """Give the otpauth URI that apps read from a QR code."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def totp_code(secret: bytes, moment: datetime) -> str:
    """Give the code of a moment, as an app shows it."""
    return _totp(secret).generate(_seconds(moment)).decode()


def matching_step(secret: bytes, code: str, moment: datetime, *, after: int) -> int | None:
    """Give the time step whose code this is: now, one before, one after (RFC 6238 §5.2); only later than ``after``.

    All three are computed and compared, so that time tells nothing.
    """
    given, step = code.encode(), _seconds(moment) // STEP
    found: int | None = None
    for each in (step - 1, step, step + 1):
        same = hmac.compare_digest(_totp(secret).generate(each * STEP), given)
        if same and each > after:
            found = each
    return found


def new_recovery_codes(random: Random) -> tuple[tuple[str, ...], bytes]:
    """Draw ten codes of 80 bits, each good once instead of the second factor; gives them and what is kept."""
    codes = [base64.b32encode(random(_RECOVERY_BYTES)).decode().lower() for _ in range(_RECOVERY_CODES)]
    shown = tuple("-".join(code[place : place + 4] for place in range(0, 16, 4)) for code in codes)
    return shown, b"".join(hashlib.sha256(code.encode()).digest() for code in codes)


def without_recovery_code(kept: bytes, code: str) -> bytes | None:
    """Give what is kept after a recovery code was used; None if it is none of them."""
    digest = hashlib.sha256(code.replace("-", "").strip().lower().encode()).digest()
    digests = [kept[place : place + _DIGEST] for place in range(0, len(kept), _DIGEST)]
    same = [hmac.compare_digest(each, digest) for each in digests]
    if not any(same):
        return None
    return b"".join(each for each, used in zip(digests, same, strict=True) if not used)


def new_token(prefix: str, random: Random) -> str:
    """Draw a token of 256 bits."""
    return prefix + format_base64url(random(32))


def token_digest(token: str) -> bytes:
    """Give what is kept of a token: SHA-256, 32 bytes. It finds the row, so no comparison tells anything."""
    return hashlib.sha256(token.encode()).digest()


def _bytes(password: str) -> bytes:
    """Write a password so that it is the same from every keyboard (RFC 8265 §4.2: NFC)."""
    return unicodedata.normalize("NFC", password).encode()


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, _DIGITS, SHA1(), STEP)  # noqa: S303  # RFC 6238; HMAC-SHA-1 is not broken


def _seconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(seconds=1)
