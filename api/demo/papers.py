"""Every version of the signed contract's document: the bytes that its evidence names, as the pipeline keeps them."""

from zheng_client import Client
from zheng_verifier.encoding import format_hex
from zheng_verifier.entry import parse_entry

_SIGNED = "signed"
_ENDINGS = {"application/pdf": "pdf"}


def collect_papers(platform: Client, contract: str, case: str) -> dict[str, bytes]:
    """Give them by file name: by the role that an event gives them; signed ones are numbered but the last."""
    named: dict[str, str] = {}
    signed: list[str] = []
    for event in platform.evidence.events(case):
        for document in () if event.entry is None else parse_entry(event.entry).claim.documents:
            if document.digests is None:
                continue
            sha256 = format_hex(document.digests["sha256"])
            if document.role == _SIGNED:
                signed += [] if sha256 in signed else [sha256]
            else:
                named[f"{document.role}.{_ENDINGS.get(document.media_type, 'docx')}"] = sha256
    *before, last = signed
    named |= {f"signed-by-{number}.pdf": sha256 for number, sha256 in enumerate(before, start=1)}
    named["signed.pdf"] = last
    return {name: platform.signing.kept_file(contract, sha256) for name, sha256 in named.items()}
