"""Sentences of C02: the files at hand."""

SENTENCES = {
    "documents.all": "各文件",
    "documents.file": "文件 {name}",
    "documents.document": "{role} {sha256}",
    "documents.of_event": "{event}的{role}",
    "documents.none_given": "未提供待比对的文件",
    "documents.none_named": "未记载文件，也未提供文件",
    "documents.share": "所记载的 {total} 份文件中提供并比对了 {given} 份，其余列于下文",
    "documents.named_by": "由{events}记载，未提供",
    "documents.sealed": "哈希值已封存且未开启",
    "documents.not_named_here": "所示事件均未记载具有上述哈希值的文件，但有内容未出示",
    "documents.not_named": "没有事件记载具有上述哈希值的文件",
    "documents.disagreement": "与{events}记载的部分哈希值或大小一致，另一部分不一致",
    "documents.unknown_algorithm": "此处不能计算 {algorithm} 哈希值",
    "documents.same_hashed": "{role}，由{events}记载；服务方自行计算过哈希值",
    "documents.same_stated": "{role}，由{events}记载；哈希值仅为提交方陈述",
}
