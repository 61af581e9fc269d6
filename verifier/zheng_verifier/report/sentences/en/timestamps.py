"""Sentences of C11: time-stamp tokens."""

SENTENCES = {
    "timestamps.token": "token {position} over the {checkpoint}",
    "timestamps.test": "the authority is a test installation",
}
