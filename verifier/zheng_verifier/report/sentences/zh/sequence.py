"""Sentences of C04: order and completeness of the case."""

SENTENCES = {
    "sequence.events_to": "事件 1 至 {last}",
    "sequence.complete": "序号连续，首尾相连，已有结束事件，并经导出声明",
    "sequence.numbers": "事件 {numbers}",
    "sequence.fork": "证据链中有 {count} 个叶使用同一序号",
    "sequence.listed_out_of_order": "证据文件未按序号排列事件",
    "sequence.gap": "上述序号的事件不在证据文件中",
    "sequence.follows_another": "其所接续的叶并非此处的前一事件",
    "sequence.before_earlier": "其在日志中的位置先于本证据链更早的事件",
    "sequence.not_opened": "证据链应始于 case.opened，而非 {type}",
    "sequence.reopened": "证据链仅由其第一个事件开启；该事件对本证据链的规定不予采用",
    "sequence.not_closed": "未出示结束事件：其后可能还有事件",
    "sequence.not_attested": "已结束，但没有导出声明记载事件截止处",
    "sequence.count_mismatch": "结束事件记载的事件数量或末尾事件与所示不符",
    "sequence.after_close": "证据链结束后出现 {type}",
    "sequence.attests_later": "其所声明的事件晚于自身",
    "sequence.attests_another": "其声明为事件 {seq} 的是另一个叶",
    "sequence.attested_size": "当时最新的树大小不可能是 {size}",
}
