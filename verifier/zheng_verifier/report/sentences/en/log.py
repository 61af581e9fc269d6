"""Sentences of C06, C07 and C08: the tree, its checkpoints and their growth."""

SENTENCES = {
    "log.checkpoints": "checkpoints",
    "log.no_checkpoint": "the bundle holds no checkpoint",
    "log.item_in_checkpoint": "{item} in {checkpoint}",
    "log.all_leaves": "all leaves",
    "log.two_places": "two proofs give it two places in the log",
    "log.one_place_twice": "two leaves claim one place in the log",
    "log.no_inclusion_path": "no path leads from this leaf to a checkpoint",
    "log.from_to": "from size {old} to {new}",
    "log.no_consistency_path": "no path leads from one to the other",
    "log.no_such_checkpoints": "no accepted checkpoints of these sizes follow",
    "log.one_checkpoint": "one checkpoint alone shows no growth",
}
