"""What may be wrong with stored things, apart from refusals: damage, which no caller brought about.

CustodyDamagedError   a key or a ciphertext is missing or does not open
"""


class CustodyDamagedError(Exception):
    """Something stored is not what was stored: a case for the operator and ``fsck``, never for a retry.

    ``code`` is KEY_MISSING, KEY_DAMAGED, FILE_MISSING, FILE_DAMAGED or VALUE_DAMAGED; neither it nor the detail names
    a person or a path.
    """

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")
