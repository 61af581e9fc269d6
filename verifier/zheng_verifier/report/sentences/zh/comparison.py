"""Sentences about an enclosed report, held against the verifier's own result."""

SENTENCES = {
    "comparison.agrees": "所附报告与本次核验结果一致。",
    "comparison.agrees_other_policy": "所附报告依据另一信任策略作出，其结果与本次核验一致。",
    "comparison.overall": "所附报告的总体结论与本次核验不同，各项与各检查一致。",
    "comparison.overall_other_policy": "所附报告依据另一信任策略作出，其总体结论与本次核验不同，各项与各检查一致。",
    "comparison.differs": "所附报告与本次核验在以下各项不同：{ids}。",
    "comparison.differs_other_policy": "所附报告依据另一信任策略作出，与本次核验在以下各项不同：{ids}。",
}
