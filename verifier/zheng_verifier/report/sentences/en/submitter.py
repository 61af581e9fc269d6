"""Sentences of C05: the submitter's signature."""

SENTENCES = {
    "submitter.pinned": "pinned by your policy",
    "submitter.registered": "as registered by the operator",
    "submitter.service": "the service's own statement",
    "submitter.by_api_key": "deposited with an API key, without a submitter's signature",
    "submitter.by_service": "deposited by the service, without a submitter's signature",
    "submitter.key_unknown": "neither pinned nor registered for this tenant",
    "submitter.no_place": "its place in the log is not known (C06)",
    "submitter.key_not_in_force": "the signature holds, but the key was not in force at that place",
}
