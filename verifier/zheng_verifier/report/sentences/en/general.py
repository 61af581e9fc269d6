"""Sentences that belong to no one check. ``technical`` carries what a parser or a library says, in English."""

SENTENCES = {
    "nothing": "",
    "technical": "{text}",
    "technical_at": "{text} (at {where})",
    "event": "event {seq}",
    "event_at": "event at position {position}",
    "context_at": "entry of the log itself at position {position}",
    "all_events": "all events",
    "the_case": "the case",
    "the_policy": "the trust policy",
    "the_bundle": "the bundle",
    "checkpoint": "checkpoint {number}",
    "checkpoint_of_size": "checkpoint of size {size}",
    "checkpoint_not_accepted": "the checkpoint is not accepted (C07)",
    "no_entry": "its entry is not enclosed or not the leaf's (C03)",
    "fewer_accepted": "fewer than {needed} accepted",
    "listed": "{names}",
    "and_more": "{names} …",
}
