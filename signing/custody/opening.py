"""Where custody lies in the pipeline's folder.

keys/kms/    key-encryption keys      apart from every backup of data
keys/keys.db wrapped data keys        backups of their own, few and short-lived
blobs/       ciphertexts              backed up with signing.db
"""

from pathlib import Path

from signing.context import Clock, Random
from signing.custody.keystore import KeyStore
from signing.custody.kms import FileKms, create_file_kms
from signing.custody.service import Custody


def open_custody(folder: Path, *, clock: Clock, random: Random) -> Custody:
    """Open custody in the pipeline's folder (``home/signing``), with keys in files; made if there is none.

    Raises:
        CustodyDamagedError: KEY_MISSING: the key-encryption key is gone, and with it everything kept.

    """
    kms_folder = folder / "keys" / "kms"
    if not (folder / "keys" / "keys.db").exists():
        create_file_kms(kms_folder, random)
    keys = KeyStore(folder / "keys", FileKms(kms_folder, random), random)
    return Custody(keys, folder / "blobs", clock=clock, random=random)
