"""The test authority's keys and certificates in a folder, made whole or not at all, and never changed afterwards."""

import shutil
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from signing.certificates.testca.issuing import Keys, Places, create_keys
from signing.custody.files import make_private_folder, sync_folder, write_private_file
from signing.ports import Clock, Random

REGISTER_KEY = "register.key"
_NAMES = ("root", "issuing", "responder")


def open_folder(directory: Path, places: Places, *, clock: Clock, random: Random) -> Keys:
    """Open the authority in ``directory``, made there if it has no keys yet.

    Raises:
        ValueError, OSError: a file is missing or damaged.

    """
    kept = directory / "keys"
    if not kept.exists():
        make_private_folder(directory)
        _create(kept, create_keys(places, now=clock(), random=random), random)
    keys = [_read_key(kept / f"{name}.key") for name in _NAMES]
    certificates = [x509.load_pem_x509_certificate((kept / f"{name}.pem").read_bytes()) for name in _NAMES]
    return Keys(keys[0], certificates[0], keys[1], certificates[1], keys[2], certificates[2])


def read_register_key(directory: Path) -> bytes:
    """Give the key of the register, 32 bytes."""
    return (directory / "keys" / REGISTER_KEY).read_bytes()


def read_root(directory: Path) -> bytes | None:
    """Give the root's certificate (DER), None if there is no authority yet."""
    try:
        pem = (directory / "keys" / "root.pem").read_bytes()
    except FileNotFoundError:
        return None
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def _create(kept: Path, keys: Keys, random: Random) -> None:
    unfinished = kept.with_name(f"{kept.name}.{random(8).hex()}.new")
    make_private_folder(unfinished)
    pairs = (
        (keys.root_key, keys.root),
        (keys.issuing_key, keys.issuing),
        (keys.responder_key, keys.responder),
    )
    for name, (key, certificate) in zip(_NAMES, pairs, strict=True):
        pem = key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        write_private_file(unfinished / f"{name}.key", pem)
        write_private_file(unfinished / f"{name}.pem", certificate.public_bytes(Encoding.PEM))
    write_private_file(unfinished / REGISTER_KEY, random(32))
    try:
        unfinished.rename(kept)
    except OSError:
        shutil.rmtree(
            unfinished
        )  # another process was faster: a folder that holds something is never replaced
    else:
        sync_folder(kept.parent)


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path.name}: not a key of the test authority")  # noqa: TRY004  # the file is wrong, not its type
    return key
