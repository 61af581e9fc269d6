"""Sentences of C07 about a stolen log key."""

SENTENCES = {
    "compromise.stolen": "the key is known to be stolen, and nothing shows that this signature is older than the notice",
    "compromise.window": "signed between the claimed theft of the key and the proven notice of it",
    "compromise.before": "signed before the key was stolen",
}
