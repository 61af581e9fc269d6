"""Sentences of C23: algorithms under the policy."""

SENTENCES = {
    "algorithms.name": "{name}",
    "algorithms.not_listed": "the policy does not list it",
    "algorithms.no_moment": "neither a trusted time-stamp nor a time of verification",
    "algorithms.outside": "outside the time for which the policy accepts it",
}
