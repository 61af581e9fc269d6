"""Every table of the pipeline: importing this module makes ``SigningBase.metadata`` whole."""

import signing.contracts.models  # noqa: F401
import signing.custody.rows  # noqa: F401
import signing.dossier.models  # noqa: F401
from signing.database import SigningBase

METADATA = SigningBase.metadata
