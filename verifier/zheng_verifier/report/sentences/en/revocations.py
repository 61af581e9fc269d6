"""Sentences of C17: what is known against keys and papers."""

SENTENCES = {
    "revocations.knowledge": "revocation knowledge as of policy issued at {moment}",
    "revocations.too_old": (
        "the policy was issued before the last event was deposited: it cannot know of notices since"
    ),
    "revocations.current": "the policy was issued after the last event was deposited and names what it knows",
    "revocations.other_key": "the log's own case declares a key of this kind to be in wrong hands: {kind}",
    "revocations.rotated": "the submitter's key was replaced",
    "revocations.later": "the submitter's key was revoked after everything that it signed here",
    "revocations.earlier": (
        "the submitter's key was revoked before something that it signed here, or its place is not known"
    ),
    "revocations.trust_ended": "the policy trusts it only for what it stamped before {moment}",
    "revocations.tsa_retired": "authority {name} is no longer used: {reason}",
    "revocations.certificate": "a signer's certificate was revoked by the time of a signature",
    "revocations.certificate_later": "a signer's certificate was revoked after it signed",
    "revocations.paper": (
        "certificate of deposit {number} no longer stands; the evidence it was about is judged by itself"
    ),
}
