"""Sentences that belong to no one check. ``technical`` carries what a parser or a library says, in English."""

SENTENCES = {
    "nothing": "",
    "technical": "{text}",
    "technical_at": "{text}（位置：{where}）",
    "event": "事件 {seq}",
    "event_at": "位于第 {position} 位的事件",
    "context_at": "位于第 {position} 位的日志自身条目",
    "all_events": "全部事件",
    "the_case": "本证据链",
    "the_policy": "信任策略",
    "the_bundle": "证据文件",
    "checkpoint": "检查点（序号 {number}）",
    "checkpoint_of_size": "检查点（树大小 {size}）",
    "checkpoint_not_accepted": "该检查点未被接受（见 C07）",
    "no_entry": "其条目未附，或并非该叶所承诺的条目（见 C03）",
    "fewer_accepted": "被接受的来源少于 {needed} 个",
    "listed": "{names}",
    "and_more": "{names}等",
}
