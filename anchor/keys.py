"""Keys of chain accounts in files: 32 bytes in hexadecimal, readable by their owner alone."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from eth_account import Account
from eth_utils.address import to_checksum_address

from anchor.errors import KeyFileError
from anchor.ports import UnsignedTransaction

KEY_SIZE = 32
# Order of the secp256k1 group: a private key is 1 … ORDER - 1 (SEC 2 §2.4.1).
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class KeyFileSigner:
    """A `TransactionSigner` whose key lies in a file."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_SIZE or not 0 < int.from_bytes(secret) < ORDER:
            raise KeyFileError("not a private key of secp256k1")
        self._account = Account.from_key(secret)
        self._address = bytes.fromhex(self._account.address[2:])

    @classmethod
    def open(cls, path: Path) -> "KeyFileSigner":
        """Read a key file.

        Raises:
            KeyFileError: it is missing, readable by others, or does not hold a key.
        """
        try:
            status = path.stat()
            text = path.read_text(encoding="ascii").strip().removeprefix("0x")
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFileError(f"the key file {path} cannot be read: {error}") from error
        if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileError(f"the key file {path} is open to other users: chmod 600 it")
        try:
            secret = bytes.fromhex(text)
        except ValueError as error:
            raise KeyFileError(f"the key file {path} does not hold 64 hexadecimal digits") from error
        return cls(secret)

    @classmethod
    def create(cls, path: Path, random: Callable[[int], bytes]) -> "KeyFileSigner":
        """Make a key and write it, durably and whole or not at all; a key that is there already is kept."""
        if path.exists():
            return cls.open(path)
        secret = random(KEY_SIZE)
        while not 0 < int.from_bytes(secret) < ORDER:
            secret = random(KEY_SIZE)
        unfinished = path.with_name(path.name + ".new")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secret.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return cls(secret)

    @property
    def address(self) -> bytes:
        """The account's 20 bytes."""
        return self._address

    def sign(self, transaction: UnsignedTransaction) -> tuple[bytes, bytes]:
        """Sign, always naming the chain (EIP-155, EIP-1559): a signature is good for one chain only."""
        fields: dict[str, object] = {
            "chainId": transaction.chain_id,
            "nonce": transaction.nonce,
            "gas": transaction.gas,
            "value": 0,
            "data": transaction.data,
        }
        if transaction.to is not None:
            fields["to"] = to_checksum_address(transaction.to)
        if transaction.legacy:
            fields["gasPrice"] = transaction.max_fee
        else:
            fields |= {
                "type": 2,
                "maxFeePerGas": transaction.max_fee,
                "maxPriorityFeePerGas": transaction.tip,
            }
        signed = self._account.sign_transaction(fields)
        return bytes(signed.raw_transaction), bytes(signed.hash)
