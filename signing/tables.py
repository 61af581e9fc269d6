"""Every table of the pipeline: importing this module makes ``SigningBase.metadata`` whole."""

import signing.contracts.models
import signing.custody.rows
import signing.dossier.models
import signing.people.tables  # noqa: F401
from signing.database import SigningBase

METADATA = SigningBase.metadata
