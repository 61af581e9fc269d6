"""Sentences of C09 and C10: records on a chain."""

SENTENCES = {
    "anchors.anchor": "锚定 {position}，{checkpoint}",
    "anchors.not_trusted": "该锚定不属于受信任的合约（见 C09）",
    "anchors.contract_unknown": "信任策略中没有以该日志标识登记的链 {chain} 上的合约 {contract}",
}
