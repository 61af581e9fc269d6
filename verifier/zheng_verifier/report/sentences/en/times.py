"""Sentences of C16: times held against each other, and what the bounds rest on."""

SENTENCES = {
    "times.tsa": "TSA {name}",
    "times.block": "block {number} of chain {chain}",
    "times.witness": "cosignature of witness {name}",
    "times.certificate": "start of the certificate's validity, as the authority claims",
    "times.after_token": "received after the time-stamp that covers it ({source})",
    "times.after_block": "received after the block that anchors it ({source})",
    "times.bounds_crossed": "not before ({lower}) is later than not after ({upper})",
    "times.names_younger": "it names evidence younger than its own receipt",
    "times.claimed_later": "it claims to have happened after it was received",
    "times.received_earlier": "received before an earlier event of the case",
    "times.no_poe": "no time-stamp covers it: only clocks of the parties",
    "times.bound": "not after: {source}",
    "times.bound_untrusted": "not after, by a source that the policy does not trust: {source}",
}
