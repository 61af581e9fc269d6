"""Sentences about an enclosed report, held against the verifier's own result."""

SENTENCES = {
    "comparison.agrees": "The enclosed report agrees with this verification.",
    "comparison.agrees_other_policy": (
        "The enclosed report was made under another policy; its results agree with this verification."
    ),
    "comparison.overall": "The enclosed report has another overall word; its axes and checks agree.",
    "comparison.overall_other_policy": (
        "The enclosed report was made under another policy and has another overall word; its axes and checks agree."
    ),
    "comparison.differs": "The enclosed report differs from this verification in {ids}.",
    "comparison.differs_other_policy": (
        "The enclosed report was made under another policy and differs from this verification in {ids}."
    ),
}
