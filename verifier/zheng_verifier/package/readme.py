"""The page that lies in every package for whoever opens it first: what this is, and how to check it.

Nothing in it is evidence; it is listed like every other file, and never quoted by a report.
"""

from zheng_verifier.package.manifest import Edition
from zheng_verifier.report.texts import Language

_EN = """\
EVIDENCE PACKAGE ({edition})

Case: {case}
Log:  {origin}

This file is no proof by itself, and nothing it says needs to be believed. Check the package with a verifier
of your own, under a trust policy that you obtained by yourself. No network is needed:

    zheng-verify package.asice --policy your-policy.json

What is inside:
  zheng/bundle.json       the evidence: events, proofs, time-stamps, records on chains
  zheng/manifest.json     what each file is
  zheng/policy.json       what the issuer suggests to trust (a suggestion only), if present
  zheng/statement.json    what the operator says of himself, if present
  zheng/report.jws        the issuer's signed report, only ever compared with your own result, if present
  documents/              documents of the case, named by the first half of their SHA-256
  *.pdf                   the same for people to read
  META-INF/               the list of all files with SHA-256, and a time-stamp over it

Results are technical findings. What they mean in law is for the court to decide.
"""
_ZH = """\
证据包（{edition}）

证据链编号：{case}
日志名称：{origin}

本文件自身不是证明，其内容无须采信。请使用您自己取得的核验工具，并依据您自己取得的信任策略核验本证据包，无需联网：

    zheng-verify package.asice --policy your-policy.json --language zh-CN

包内文件：
  zheng/bundle.json       证据：事件、证明、时间戳、链上记录
  zheng/manifest.json     各文件的用途
  zheng/policy.json       出具方建议的信任策略（仅为建议），如有
  zheng/statement.json    运营方的自我说明，如有
  zheng/report.jws        出具方签名的报告，仅用于与您自己的核验结果对照，如有
  documents/              案件文件，以其SHA-256值的前一半命名
  *.pdf                   供阅读的相同内容
  META-INF/               全部文件及其SHA-256值的清单，以及对该清单的时间戳

核验结果为技术性结果，其法律意义由法院认定。
"""
_EDITIONS: dict[Edition, tuple[str, str]] = {
    "full": ("full edition", "完整版"),
    "redacted": ("redacted edition", "脱敏版"),
}


def readme(language: Language, origin: str, case: str, edition: Edition) -> bytes:
    """Write the page for a package."""
    english, chinese = _EDITIONS[edition]
    if language == "en":
        return _EN.format(edition=english, case=case, origin=origin).encode()
    return _ZH.format(edition=chinese, case=case, origin=origin).encode()
