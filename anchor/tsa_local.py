"""The test authority of this installation: its keys in a folder, its answers in process."""

import os
import shutil
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from zheng_verifier.timestamp import IMPRINT_ALGORITHMS, TrustedTsa

from anchor.errors import KeyFileError
from anchor.tsa_issuer import POLICY_OID, Random, TsaIdentity, answer_query, create_identity, issue_crl

_ROOT_KEY, _ROOT, _TSA_KEY, _TSA = "root.key", "root.pem", "tsa.key", "tsa.pem"


class LocalTsa:
    """A `TimestampAuthority` that is a test: its time is this machine's, and every policy must call it a test.

    The folder is made whole or not at all, and is never changed afterwards; two processes may use it at once, as
    serial numbers are random.
    """

    def __init__(
        self,
        directory: Path,
        *,
        clock: Callable[[], datetime],
        random: Random,
        name: str = "zheng-test-tsa",
    ) -> None:
        """Open the authority in ``directory``, made there if the folder is missing or empty.

        Raises:
            KeyFileError: a file is missing, unreadable, or a key is open to other users.
        """
        if not directory.exists() or not any(directory.iterdir()):
            _create(directory, create_identity(now=clock(), random=random), random)
        self._identity = _open(directory)
        self._clock = clock
        self._random = random
        self._name = name

    @property
    def name(self) -> str:
        """The name given to it."""
        return self._name

    @property
    def trusted(self) -> TrustedTsa:
        """What a trust policy says of this authority, ``test`` among it."""
        return TrustedTsa(
            name=self._name,
            roots=(self._identity.root,),
            pins=(),
            policy_oids=(POLICY_OID,),
            imprint_algs=IMPRINT_ALGORITHMS,
            test=True,
        )

    def crls(self) -> tuple[bytes, ...]:
        """Give the CRLs (DER), of this moment, for every certificate of its tokens."""
        return (issue_crl(self._identity, now=self._clock()),)

    def request(self, query: bytes) -> bytes:
        """Answer at once; never raises, refusals are answers too."""
        return answer_query(query, self._identity, now=self._clock(), random=self._random)


def _create(directory: Path, identity: TsaIdentity, random: Random) -> None:
    """Write the four files beside the folder and put them in its place in one step."""
    unfinished = directory.with_name(f"{directory.name}.{random(8).hex()}.new")
    unfinished.mkdir(mode=0o700, parents=True)
    files = {
        _ROOT_KEY: _format_key(identity.root_key),
        _ROOT: _format_certificate(identity.root),
        _TSA_KEY: _format_key(identity.tsa_key),
        _TSA: _format_certificate(identity.certificate),
    }
    for name, content in files.items():
        descriptor = os.open(unfinished / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _sync(unfinished)
    try:
        unfinished.rename(directory)
    except OSError:
        # Another process was faster: a folder that holds something is never replaced.
        shutil.rmtree(unfinished)
        return
    _sync(directory.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open(directory: Path) -> TsaIdentity:
    return TsaIdentity(
        root_key=_read_key(directory / _ROOT_KEY),
        root=_read_certificate(directory / _ROOT),
        tsa_key=_read_key(directory / _TSA_KEY),
        certificate=_read_certificate(directory / _TSA),
    )


def _format_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        status = path.stat()
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise KeyFileError(f"the key file {path} cannot be read: {error}") from error
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(f"the key file {path} is open to other users: chmod 600 it")
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeyFileError(f"the key file {path} does not hold an elliptic-curve key")
    return key


def _format_certificate(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM)


def _read_certificate(path: Path) -> bytes:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(serialization.Encoding.DER)
    except (OSError, ValueError) as error:
        raise KeyFileError(f"the certificate file {path} cannot be read: {error}") from error
