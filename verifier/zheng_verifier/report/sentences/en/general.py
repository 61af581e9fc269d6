"""Sentences that belong to no one check. ``technical`` carries what a parser or a library says, in English."""

SENTENCES = {
    "nothing": "",
    "technical": "{text}",
}
