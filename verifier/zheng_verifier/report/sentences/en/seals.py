"""Sentences of C15: electronic seals."""

SENTENCES = {
    "seals.none": "no use of a seal is shown",
    "seals.record": "the platform's record of a seal that was not used here",
    "seals.object": "electronic seal object (GB/T 38540)",
    "seals.no_object": (
        "the seal object with its maker's signature is not enclosed: the records are the platform's word"
    ),
    "seals.not_supported": "it holds a seal object or says so; this version does not read it",
    "seals.no_use": "the event that it names as the use of a seal is not one",
    "seals.other_use": "{event} is of another party or document",
    "seals.signature": "{event} is of the same party and document",
    "seals.not_created": "no event tells how the seal was made",
    "seals.sealed": "a value is sealed: it cannot be compared with {event}",
    "seals.other_image": "the image is another than in {event}",
    "seals.same_image": "the image is that of {event}",
    "seals.no_approval": "no approval of the use is named",
    "seals.unknown_approval": "the event that it names as its approval is not one before it",
    "seals.other_approval": "{event} approves another seal or other bytes",
    "seals.approved": "{event} approves this seal on these bytes",
    "seals.no_grant": "no grant of the right to use the seal is shown",
    "seals.out_of_grant": "outside the time of the grant, {event}",
    "seals.granted": "{event} grants it to the verified person of the party, for that time",
    "seals.other_grantee": "{event} grants it to another person than was verified of the party",
}
