"""Sentences of C03: entries, leaves and sealed values."""

SENTENCES = {
    "entries.withheld": "the entry is not enclosed; its leaf is",
    "entries.opened_alone": "values are opened without their entry",
    "entries.leaf_of_another_case": "the leaf is of another case",
    "entries.log_unknown": "the policy does not know the log, nor its own case",
    "entries.context_of_another_case": "the context is not of the log's own case",
    "entries.claim_to_another_case": "the claim is addressed to another case",
    "entries.claim_to_another_log": "the claim is addressed to another log",
    "entries.sealed_twice": "a sealed value stands in two entries",
    "entries.salt_twice": "a salt is used twice",
    "entries.id_twice": "two entries carry one id of the submitter",
    "entries.several_tenants": "the events of one case name several tenants",
}
