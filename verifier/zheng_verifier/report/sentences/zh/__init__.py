"""The sentences in Chinese, one module a topic."""

from collections.abc import Mapping

from zheng_verifier.report.sentences.zh import (
    algorithms,
    anchors,
    certificate,
    comparison,
    compromise,
    conclusions,
    entries,
    general,
    log,
    observed,
    package,
    sequence,
    submitter,
    times,
    timestamps,
)

_TOPICS = (
    algorithms,
    anchors,
    certificate,
    comparison,
    compromise,
    conclusions,
    entries,
    general,
    log,
    observed,
    package,
    sequence,
    submitter,
    times,
    timestamps,
)

SENTENCES: Mapping[str, str] = {key: text for topic in _TOPICS for key, text in topic.SENTENCES.items()}
