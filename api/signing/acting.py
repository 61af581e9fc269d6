"""The act of signing, put together for an installation."""

from signing.act.assembly import Pieces, acts_of
from signing.act.service import Acts
from signing.act.views import SignerViews
from signing.certificates.service import Certificates
from signing.context import Context
from signing.contracts.service import Contracts
from signing.delivery.sending import Carriers
from signing.documents.service import Documents
from signing.intent.passwords import MemberPasswords
from signing.intent.ports import FaceCheck
from signing.intent.reading import PdfTextReader
from signing.intent.sending import CodeCarrier
from signing.pades import Tokens
from signing.people.service import People
from signing.seals.service import Seals


def acting_of(
    context: Context,
    *,
    contracts: Contracts,
    documents: Documents,
    seals: Seals,
    certificates: Certificates,
    tokens: Tokens,
    carriers: Carriers,
    people: People,
    face: FaceCheck,
) -> tuple[Acts, SignerViews]:
    """Give what signs, and what signers are shown."""
    acts = acts_of(
        Pieces(
            context=context,
            contracts=contracts,
            papers=documents,
            revisions=documents,
            fillings=documents.fillings,
            uses=seals.uses,
            certificates=certificates,
            tokens=tokens,
            carrier=CodeCarrier(carriers.sms, carriers.mail, context.uuid),
            passwords=MemberPasswords(people.logins),
            face=face,
            reader=PdfTextReader(),
        )
    )
    return acts, SignerViews(context, contracts.book, documents, documents, acts, contracts.demanding)
