"""Sentences of C04: order and completeness of the case."""

SENTENCES = {
    "sequence.events_to": "events 1 to {last}",
    "sequence.complete": "contiguous, chained, closed and attested",
    "sequence.numbers": "events {numbers}",
    "sequence.fork": "{count} leaves claim this number in the case",
    "sequence.listed_out_of_order": "the bundle does not list the events in their order",
    "sequence.gap": "these numbers of the case are not in the bundle",
    "sequence.follows_another": "it follows another leaf than the one before it here",
    "sequence.before_earlier": "it stands in the log before an earlier event of the case",
    "sequence.not_opened": "a case begins with case.opened, not with {type}",
    "sequence.reopened": "a case is opened by its first event only; what this one says of the case does not count",
    "sequence.not_closed": "no closing event is shown: more events may follow",
    "sequence.not_attested": "closed, but no attested export says how far it went",
    "sequence.count_mismatch": "the closing event names another count or another last event",
    "sequence.after_close": "{type} after the case was closed",
    "sequence.attests_later": "it attests an event that comes after itself",
    "sequence.attests_another": "it attests another leaf as event {seq}",
    "sequence.attested_size": "a tree of {size} cannot have been its latest",
}
