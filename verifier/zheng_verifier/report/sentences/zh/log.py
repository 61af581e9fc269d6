"""Sentences of C06, C07 and C08: the tree, its checkpoints and their growth."""

SENTENCES = {
    "log.checkpoints": "检查点",
    "log.no_checkpoint": "证据文件中没有检查点",
    "log.item_in_checkpoint": "{item}，{checkpoint}",
    "log.all_leaves": "全部叶",
    "log.two_places": "两份证明给出了它在日志中的两个不同位置",
    "log.one_place_twice": "两个叶占用了日志中的同一位置",
    "log.no_inclusion_path": "没有从该叶到检查点的包含证明",
    "log.from_to": "树大小自 {old} 至 {new}",
    "log.no_consistency_path": "两者之间没有一致性证明",
    "log.no_such_checkpoints": "没有与此大小对应且被接受的检查点",
    "log.one_checkpoint": "仅有一个检查点，不能说明日志只有追加",
}
