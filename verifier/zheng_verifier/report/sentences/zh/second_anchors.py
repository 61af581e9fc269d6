"""Sentences of C12: support beyond the first."""

SENTENCES = {
    "second.chain": "每一事件均记载于两条以上受信任的链：{names}",
    "second.authority": "每一事件均由两个以上受信任的时间戳机构覆盖：{names}",
    "second.not_trusted": "可作为第二来源，但策略不信任",
    "second.none": "没有第二条链或第二个时间戳机构覆盖",
    "second.on_chain": "链 {chain}",
    "second.pending": "{event}称已启用该链；未附该链上的记录",
}
