"""The sentences in Chinese, one module a topic."""

from collections.abc import Mapping

from zheng_verifier.report.sentences.zh import general

SENTENCES: Mapping[str, str] = {**general.SENTENCES}
