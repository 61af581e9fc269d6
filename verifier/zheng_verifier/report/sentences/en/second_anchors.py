"""Sentences of C12: support beyond the first."""

SENTENCES = {
    "second.chain": "every event is recorded on two or more trusted chains: {names}",
    "second.authority": "every event is covered by two or more trusted authorities: {names}",
    "second.not_trusted": "it would be a second, and the policy does not trust it",
    "second.none": "no second chain and no second authority covers them",
    "second.on_chain": "chain {chain}",
    "second.pending": "{event} says that it is in use; no record on it is enclosed",
}
