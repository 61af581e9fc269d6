"""The act of signing, put together from its neighbours."""

from dataclasses import dataclass

from signing.act.carrying import Carrying
from signing.act.choices import Choices
from signing.act.completing import Completing
from signing.act.confirming import Confirming
from signing.act.entering import Entering
from signing.act.ports import Revisions
from signing.act.service import Acts
from signing.certificates.service import Certificates
from signing.context import Context
from signing.contracts.ports import Papers
from signing.contracts.service import Contracts
from signing.documents.filling import Fillings
from signing.intent.challenges import Challenges
from signing.intent.ports import FaceCheck, SigningPasswords, TextReader
from signing.intent.prompts import Prompts
from signing.intent.sending import CodeCarrier
from signing.pades import Tokens
from signing.seals.uses import Uses


@dataclass(frozen=True, slots=True)
class Pieces:
    """What an act of signing is made of; ``papers``, ``revisions`` and ``fillings`` are sides of the same documents."""

    context: Context
    contracts: Contracts
    papers: Papers
    revisions: Revisions
    fillings: Fillings
    uses: Uses
    certificates: Certificates
    tokens: Tokens
    carrier: CodeCarrier
    passwords: SigningPasswords
    face: FaceCheck
    reader: TextReader


def acts_of(pieces: Pieces) -> Acts:
    """Put it together."""
    context, contracts = pieces.context, pieces.contracts
    prompts = Prompts(context, pieces.papers)
    choices = Choices(context, pieces.uses)
    challenges = Challenges(context)
    return Acts(
        context,
        contracts,
        prompts=prompts,
        choices=choices,
        entering=Entering(context, contracts, pieces.fillings, challenges),
        confirming=Confirming(
            context,
            contracts,
            prompts,
            challenges,
            choices,
            pieces.revisions,
            pieces.fillings,
            pieces.certificates,
            carrier=pieces.carrier,
            passwords=pieces.passwords,
            face=pieces.face,
        ),
        carrying=Carrying(
            context,
            contracts,
            choices,
            pieces.uses,
            pieces.revisions,
            pieces.certificates,
            pieces.tokens,
        ),
        completing=Completing(
            context, contracts, pieces.papers, pieces.revisions, pieces.certificates, pieces.tokens
        ),
        reader=pieces.reader,
    )
