"""Sentences of C02: the files at hand."""

SENTENCES = {
    "documents.all": "documents",
    "documents.file": "file {name}",
    "documents.document": "{role} {sha256}",
    "documents.of_event": "{role} of {event}",
    "documents.none_given": "no file was given to compare",
    "documents.none_named": "none is named or given",
    "documents.share": (
        "{given} of {total} documents named were given and compared; the others are listed below"
    ),
    "documents.named_by": "named by {events}; not given",
    "documents.sealed": "the digest is sealed and not opened",
    "documents.not_named_here": (
        "no event that is shown names a document with these digests, and some are not shown"
    ),
    "documents.not_named": "no event names a document with these digests",
    "documents.disagreement": "of {events} one digest or the size agrees, another does not",
    "documents.unknown_algorithm": "the digest by {algorithm} cannot be computed here",
    "documents.same_hashed": "{role}, named by {events}; the service hashed the bytes itself",
    "documents.same_stated": "{role}, named by {events}; the digests were stated by the submitter only",
}
