"""The sentences in English, one module a topic."""

from collections.abc import Mapping

from zheng_verifier.report.sentences.en import general

SENTENCES: Mapping[str, str] = {**general.SENTENCES}
