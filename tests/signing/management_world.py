"""Contracts with a title, parties and a document, as rows, for the tests of search and order."""

import typst
from seal_world import TENANT, fresh
from sqlmodel import func, select

from signing.contracts.models import ContractRow, PartyRow
from signing.database import write
from signing.documents.models import DocumentRow

FONTS = "verifier/zheng_verifier/pdf/fonts"


def page(text, fonts):
    """A PDF of a text, as Typst writes it: two-byte codes and a map to Unicode."""
    source = f'#set text(font: "Noto Sans SC")\n#"{text}"'
    return typst.compile(source.encode(), font_paths=[str(fonts)], ignore_system_fonts=True)


def add(
    context, title, parties=("甲公司",), pdf=b"", *, tenant=TENANT, creator="key/k", account=None, **values
):
    """Insert a contract that was sent; gives its id."""
    contract, custody, now = fresh(), context.custody, context.clock()
    with write(context.engine) as session:
        custody.create_owner(session, tenant, contract)

        def sealed(text):
            return custody.seal(session, contract, text.encode())

        last = session.exec(select(func.max(ContractRow.position))).one() or 0
        given = {"scene": "other", "state": "signing"} | values
        session.add(
            ContractRow(
                id=contract,
                position=last + 1,
                tenant=tenant,
                app="default",
                content=b"",
                title=sealed(title),
                creator=creator,
                dossier=fresh(),
                sender=fresh(),
                deadline=now,
                created_at=now,
                sent_at=now,
                **given,
            )
        )
        session.flush()
        for n, name in enumerate(parties):
            session.add(
                PartyRow(
                    ref=fresh(),
                    contract=contract,
                    tenant=tenant,
                    position=n,
                    account=account,
                    name=sealed(name),
                    channel="portal",
                    target=b"",
                    target_blind=b"",
                    kind="organization",
                    role="signatory",
                    group=0,
                    required=True,
                    state="waiting",
                )
            )
        if pdf:
            file = custody.put(session, contract, pdf, media_type="application/pdf")
            session.add(
                DocumentRow(
                    id=fresh(),
                    contract=contract,
                    tenant=tenant,
                    position=0,
                    name=sealed("合同.pdf"),
                    media_type="application/pdf",
                    original=file.sha256,
                    base=file.sha256,
                    current=file.sha256,
                    pages="[]",
                    created_at=now,
                )
            )
    return contract
