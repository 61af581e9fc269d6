"""Sentences of C16: times held against each other, and what the bounds rest on."""

SENTENCES = {
    "times.tsa": "时间戳机构 {name}",
    "times.block": "链 {chain} 区块 {number}",
    "times.witness": "见证方 {name} 的共同签名",
    "times.certificate": "证书有效期起始（证书机构自述）",
    "times.after_token": "接收时间晚于覆盖该事件的时间戳（{source}）",
    "times.after_block": "接收时间晚于锚定该事件的区块（{source}）",
    "times.bounds_crossed": "“不早于”（{lower}）晚于“不晚于”（{upper}）",
    "times.names_younger": "其引用的证据晚于自身的接收时间",
    "times.claimed_later": "其声称的发生时间晚于接收时间",
    "times.received_earlier": "接收时间先于本证据链更早的事件",
    "times.no_poe": "没有时间戳覆盖该事件，仅有各方自身的时钟",
    "times.bound": "“不晚于”依据：{source}",
    "times.bound_untrusted": "“不晚于”依据（信任策略不信任该来源）：{source}",
}
