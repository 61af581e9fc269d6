"""Where custody lies, and how it is opened.

keys/    *.kek, current   key-encryption keys      in no backup of data
         keys.db          wrapped data keys        backups of its own, few and short-lived
blobs/   ciphertexts                               backed up with signing.db
"""

from pathlib import Path

from signing.custody.keystore import KEYS_DB, KeyStore
from signing.custody.kms import FileKms, create_file_kms
from signing.custody.service import Custody
from signing.ports import Clock, Random


def open_custody(keys: Path, blobs: Path, *, clock: Clock, random: Random) -> Custody:
    """Open custody in its two folders, with key-encryption keys in files; made if there is none.

    A new key-encryption key is never made beside data keys that only the lost one opens.

    Raises:
        CustodyDamagedError: KEY_MISSING: the key-encryption key is gone, and with it everything kept.

    """
    if not (keys / KEYS_DB).exists():
        create_file_kms(keys, random)
    return Custody(KeyStore(keys, FileKms(keys, random), random), blobs, clock=clock, random=random)
