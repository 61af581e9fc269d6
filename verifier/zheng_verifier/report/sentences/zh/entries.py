"""Sentences of C03: entries, leaves and sealed values."""

SENTENCES = {
    "entries.withheld": "条目未附，仅附其叶",
    "entries.opened_alone": "未附条目，却开启了其中的封存值",
    "entries.leaf_of_another_case": "该叶属于另一证据链",
    "entries.log_unknown": "信任策略中没有该日志，也没有该日志自身的证据链",
    "entries.context_of_another_case": "所附日志条目不属于该日志自身的证据链",
    "entries.claim_to_another_case": "该陈述所指向的是另一证据链",
    "entries.claim_to_another_log": "该陈述所指向的是另一日志",
    "entries.sealed_twice": "同一封存值出现在两个条目中",
    "entries.salt_twice": "同一盐值使用了两次",
    "entries.id_twice": "两个条目使用了提交方的同一编号",
    "entries.several_tenants": "同一证据链的事件涉及多个租户",
}
