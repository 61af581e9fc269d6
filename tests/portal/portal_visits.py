"""What tests of the portal ask and look at."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFORMANCE = ROOT / "verifier" / "tests" / "conformance"
CONTENT = b"%PDF-1.7 the contract of the portal's tests"
NAME = "张小三"
LANGUAGES = {"zh": "zh-CN", "en": "en"}
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
# DESIGN §7; 公证书 and 鉴定意见 may stand in the one sentence that says what these pages are not.
FORBIDDEN = ("不可篡改", "具有法律效力", "legally valid", "tamper-proof")
NOT_THAT = re.compile("不属于公证书或司法鉴定意见")


@dataclass(frozen=True)
class Told:
    """What the installation holds: a case, digests of its document, numbers of certificates, files."""

    case: str
    digests: dict[str, str]
    valid: str
    superseded: str
    revoked: str
    bundle: bytes
    pdf: bytes


def conformance(name):
    """Give evidence, policy and documents of a conformance case, each as (name, bytes)."""
    folder = CONFORMANCE / name
    evidence = next(path for path in (folder / "bundle.json", *folder.glob("package.*")) if path.exists())
    policy = folder / "policy.json"
    documents = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.pdf"))]
    return (evidence.name, evidence.read_bytes()), (policy.name, policy.read_bytes()), documents


class Visits:
    """A browser without scripts: asks for pages, follows the answer to a form, and looks at every page it gets."""

    def __init__(self, world):
        self.world = world

    def get(self, path, language="en", status=200, **options):
        mark = "&" if "?" in path else "?"
        return self.look(
            self.world.get(f"{path}{mark}lang={language}", headers={"Accept": HTML}, **options),
            language,
            status,
        )

    def post(self, path, language="en", status=200, **options):
        """Submit a form; gives the page that it leads to."""
        answer = self.world.request("POST", f"{path}?lang={language}", headers={"Accept": HTML}, **options)
        if answer.status_code == 303:
            answer = self.world.get(answer.headers["location"], headers={"Accept": HTML})
        return self.look(answer, language, status)

    def verify(self, evidence, language="en", status=200, documents=(), policy=None):
        files = [("evidence", evidence)] + [("document", each) for each in documents]
        files += [("policy", policy)] if policy else []
        return self.post("/verify", language, status, files=files)

    @staticmethod
    def look(answer, language, status):
        """Hold what is true of every page against this one; gives its text."""
        assert answer.status_code == status, answer.text[:2000]
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-language"] == LANGUAGES[language]
        assert "Accept-Language" in answer.headers["vary"]
        rules = answer.headers["content-security-policy"]
        assert "default-src 'none'" in rules
        assert "unsafe" not in rules
        page = answer.text
        assert f'<html lang="{LANGUAGES[language]}">' in page
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", page)
        assert not re.search(r"<script(?! src=)|<style|\son[a-z]+=|\sstyle=", page)
        assert "Traceback" not in page
        assert not [word for word in FORBIDDEN if word in page]
        assert not [word for word in ("公证书", "鉴定意见") if word in NOT_THAT.sub("", page)]
        return page


def overall(page):
    """Give the overall word of a result page."""
    found = re.search(r'<p class="overall ([a-z_]+)">', page)
    return found.group(1).upper() if found else None
