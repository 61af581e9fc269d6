"""The pool of key pairs generated ahead of any certificate, so that no signer waits for one (S4-19).

Each pair waits encrypted under a data key of its own and is given out once. A key that is wanted while the pool is empty
is generated on the spot.
"""

import hashlib
from typing import Literal, TypeAlias

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import Session, col, func, select

from signing.certificates.tables import KeyRow
from signing.context import Context
from signing.custody.service import Custody
from signing.database import write
from signing.pades.ports import PrivateKey

KeyAlgorithm: TypeAlias = Literal["ecdsa_p256", "rsa2048"]
POOLED, REQUESTED, CERTIFIED, RETIRED, DESTROYED = (
    "pooled",
    "requested",
    "certified",
    "retired",
    "destroyed",
)
SERVICE = "service"
"""Whose the data keys of signing keys are in custody: a key in the pool belongs to no tenant yet."""

_PLACE = "signing-key"


class KeyPool:
    """Key pairs that wait, and the opening of those in use; ``size`` of each algorithm in ``sizes``."""

    def __init__(self, context: Context, custody: Custody, sizes: dict[KeyAlgorithm, int]) -> None:
        self._context = context
        self._custody = custody
        self._sizes = sizes

    def refill(self) -> int:
        """Generate what is missing, each key in a transaction of its own; tell how many. For a quiet thread."""
        made = 0
        for algorithm, size in self._sizes.items():
            while True:
                with write(self._context.engine) as session:
                    if self.waiting(session, algorithm) >= size:
                        break
                    self._generate(session, algorithm)
                    made += 1
        return made

    def waiting(self, session: Session, algorithm: KeyAlgorithm) -> int:
        """Count the keys that wait."""
        wanted = select(func.count()).where(KeyRow.state == POOLED, KeyRow.algorithm == algorithm)
        return session.exec(wanted).one()

    def take(self, session: Session, algorithm: KeyAlgorithm) -> KeyRow:
        """Take a key out of the pool, within the transaction that gives it a purpose: nobody gets it again."""
        waiting = (
            select(KeyRow)
            .where(KeyRow.state == POOLED, KeyRow.algorithm == algorithm)
            .order_by(col(KeyRow.generated_at), col(KeyRow.id))
            .limit(1)
        )
        row = session.exec(waiting).first() or self._generate(session, algorithm)
        row.state = REQUESTED
        session.add(row)
        return row

    def open(self, session: Session, row: KeyRow) -> PrivateKey:
        """Decrypt a private key."""
        pkcs8 = self._custody.open(session, row.id, row.private or b"", place=_PLACE)
        key = serialization.load_der_private_key(pkcs8, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise TypeError("a signing key is neither EC nor RSA")
        return key

    def destroy(self, row_id: str) -> None:
        """Destroy the data key of a private key, durably; what it encrypted is lost wherever copies lie."""
        self._custody.keys.destroy(row_id)

    def _generate(self, session: Session, algorithm: KeyAlgorithm) -> KeyRow:
        key: PrivateKey = (
            ec.generate_private_key(ec.SECP256R1())
            if algorithm == "ecdsa_p256"
            else rsa.generate_private_key(public_exponent=65537, key_size=2048)
        )
        spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        pkcs8 = key.private_bytes(
            Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        row = KeyRow(
            id=self._context.uuid(),
            algorithm=algorithm,
            state=POOLED,
            generated_at=self._context.clock(),
            spki_sha256=hashlib.sha256(spki).hexdigest(),
        )
        self._custody.create_owner(session, SERVICE, row.id)
        row.private = self._custody.seal(session, row.id, pkcs8, place=_PLACE)
        session.add(row)
        session.flush()
        return row
