"""The folder `issuer/`: keys and certificates of the issuing identity, each file whole or not there, 0600.

Made once by `zheng init`, and for installations older than it by the first command that needs it.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from api.errors import IssuerKeyError
from api.issuance.issuer.identity import TestAuthority, create_authority
from api.paths import FOLDER_MODE, SECRET_MODE
from api.times import Clock, Random

_ROOT_KEY, _ROOT, _SEAL_KEY, _SEAL, _REPORT_KEY = "root.key", "root.pem", "seal.key", "seal.pem", "report.key"
_NAMES = (_ROOT_KEY, _ROOT, _SEAL_KEY, _SEAL, _REPORT_KEY)
PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class IssuerFiles:
    """What the folder holds: the test authority, and the key that reports are signed with."""

    authority: TestAuthority
    report_key: ed25519.Ed25519PrivateKey


def open_folder(folder: Path, *, clock: Clock, random: Random) -> IssuerFiles:
    """Read the folder, made first if nothing is in it yet.

    Raises:
        IssuerKeyError: a file is missing, unreadable, or open to other users; nothing is ever made anew beside others.
    """
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    with _locked(folder):
        if not any((folder / name).exists() for name in _NAMES):
            _write(folder, clock=clock, random=random)
        _name(folder)
    seal, report = read_key(folder / _SEAL_KEY), read_key(folder / _REPORT_KEY)
    root = read_key(folder / _ROOT_KEY)
    if not isinstance(report, ed25519.Ed25519PrivateKey):
        raise IssuerKeyError(f"{folder / _REPORT_KEY} is not an Ed25519 key")
    if isinstance(seal, ed25519.Ed25519PrivateKey) or isinstance(root, ed25519.Ed25519PrivateKey):
        raise IssuerKeyError(f"the keys of root and seal in {folder} are not of P-256")
    (certificate,) = read_certificates(folder / _SEAL)
    (above,) = read_certificates(folder / _ROOT)
    return IssuerFiles(TestAuthority(root, above, seal, certificate), report)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process make the files; the lock goes with the process, so a crash leaves none behind."""
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, SECRET_MODE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(folder: Path, *, clock: Clock, random: Random) -> None:
    """Write all files, durably, under other names: what a crash leaves is not taken for a key and written again."""
    made = create_authority(now=clock(), random=random)
    files = {
        _ROOT_KEY: _format_key(made.root_key),
        _ROOT: _format_certificate(made.root),
        _SEAL_KEY: _format_key(made.key),
        _SEAL: _format_certificate(made.certificate),
        _REPORT_KEY: _format_key(ed25519.Ed25519PrivateKey.generate()),
    }
    for name, content in files.items():
        descriptor = os.open(folder / f"{name}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, SECRET_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _name(folder: Path) -> None:
    """Give the files their names. Where one has its own all were written, so a crash in between is made good here."""
    waiting = [name for name in _NAMES if (folder / f"{name}.new").exists()]
    for name in waiting:
        (folder / f"{name}.new").rename(folder / name)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _format_key(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _format_certificate(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def read_key(path: Path) -> PrivateKey:
    """Read a private key, P-256 or Ed25519, from PEM.

    Raises:
        IssuerKeyError: it cannot be read, is of another kind, or is open to other users.
    """
    try:
        mode = path.stat().st_mode
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise IssuerKeyError(f"the key file {path} cannot be read: {error}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise IssuerKeyError(f"the key file {path} is open to other users: chmod 600 it")
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise IssuerKeyError(f"the key file {path} holds neither a P-256 nor an Ed25519 key")


def read_certificates(path: Path) -> tuple[bytes, ...]:
    """Read the certificates of a PEM file, as DER, in its order.

    Raises:
        IssuerKeyError: there is none that can be read.
    """
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise IssuerKeyError(f"the certificate file {path} cannot be read: {error}") from error
    return tuple(each.public_bytes(Encoding.DER) for each in found)


def read_crls(path: Path) -> tuple[bytes, ...]:
    """Read the CRLs of a PEM file, as DER.

    Raises:
        IssuerKeyError: one of them cannot be read.
    """
    end = b"-----END X509 CRL-----"
    try:
        blocks = [block + end for block in path.read_bytes().split(end)[:-1]]
        return tuple(x509.load_pem_x509_crl(block).public_bytes(Encoding.DER) for block in blocks)
    except (OSError, ValueError) as error:
        raise IssuerKeyError(f"the CRL file {path} cannot be read: {error}") from error
