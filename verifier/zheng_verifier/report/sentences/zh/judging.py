"""Sentences that several checks of the case share."""

SENTENCES = {
    "case.too_many": "事件超过 {limit} 个：不核对其相互关系",
}
