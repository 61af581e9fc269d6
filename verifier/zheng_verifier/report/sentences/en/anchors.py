"""Sentences of C09 and C10: records on a chain."""

SENTENCES = {
    "anchors.anchor": "anchor {position} of the {checkpoint}",
    "anchors.not_trusted": "the anchor is not that of a trusted contract (C09)",
    "anchors.contract_unknown": "the policy knows no contract {contract} on chain {chain} under this log's id",
}
