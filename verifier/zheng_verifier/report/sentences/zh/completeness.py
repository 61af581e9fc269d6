"""Sentences of C20: the events that a case requires, and their order; the rules are those of the taxonomy."""

from zheng_verifier.taxonomy.sequence import SEQUENCE_RULES

SENTENCES = {
    "completeness.no_opening": "未见开启事件，无法知道其要求的事件",
    "completeness.nothing_required": "开启事件未要求必备事件，顺序未见异常",
    "completeness.required": "必备事件 {type}",
    "completeness.shown_as": "已出示：{event}",
    "completeness.missing": "证据链已结束且全部出示，没有该事件",
    "completeness.not_shown": "未出示；证据链未结束或未全部出示",
    "completeness.overdue": "应于 {moment} 前结束，未见结束事件",
    "completeness.all_signed": "所称已签署的各方均有签署事件",
    "completeness.not_signed": "称签署方 {party} 已签署，但其之前没有签署事件",
} | {f"order.{rule.code}": rule.statement_zh for rule in SEQUENCE_RULES}
