"""Every table of the pipeline: importing this module makes ``SigningBase.metadata`` whole."""

import signing.dossier.models  # noqa: F401
from signing.database import SigningBase

METADATA = SigningBase.metadata
