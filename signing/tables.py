"""Every table of the pipeline: importing this module makes ``SigningBase.metadata`` whole."""

import signing.act.models
import signing.certificates.tables
import signing.contracts.batch.models
import signing.contracts.models
import signing.custody.rows
import signing.delivery.tables
import signing.documents.models
import signing.dossier.models
import signing.identity.tables
import signing.intent.models
import signing.management.models
import signing.people.tables
import signing.seals.models  # noqa: F401
from signing.database import SigningBase

METADATA = SigningBase.metadata
