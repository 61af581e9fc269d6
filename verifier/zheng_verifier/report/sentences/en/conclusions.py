"""Sentences that conclude an axis (evidence-norms §4.4); the values in them come from the checks."""

SENTENCES = {
    "conclusion.a1_records": "The enclosed entries are those that the public log commits to.",
    "conclusion.a1_sha256": (
        "The SHA-256 digest computed from each submitted file equals the one recorded at deposit; "
        "the submitted files are the same data as deposited."
    ),
    "conclusion.a1_sha256_sm3": (
        "The SHA-256 and SM3 digests computed from the submitted files equal those recorded at deposit; "
        "the submitted files are the same data as deposited."
    ),
    "conclusion.a1_files": "Files compared ({count}): {names}.",
    "conclusion.more": "and {count} more, listed in the detailed report",
    "conclusion.a2_more": "Of {count} more events the detailed report states both bounds.",
    "conclusion.a4_more": "{count} more signatures are judged in the detailed report.",
    "conclusion.a1_missing": "Documents named by events and not submitted ({count}): {names}.",
    "conclusion.a1_differs": (
        "The digests differ: a submitted file is not the data deposited, or has changed since."
    ),
    "conclusion.a2": "The digests of the {count} events shown existed no later than {moment}.",
    "conclusion.a2_event": "Event {seq}: not before {lower}, not after {upper}.",
    "conclusion.a3": (
        "The digest of the data is included in the root of a checkpoint, and this root is recorded on chain {chain}, "
        "block {block}, transaction {transaction}; the check is consistent."
    ),
    "conclusion.a3_after": "This concerns the time after upload only.",
    "conclusion.a4": (
        "{document}, signature {number} ({signer}): the cryptographic check {verdict}; {changes}; "
        "the certificate {certificate}."
    ),
    "conclusion.a4_holds": "passed",
    "conclusion.a4_broken": "failed ({code})",
    "conclusion.a4_open": "is indeterminate ({code})",
    "conclusion.a4_unchanged": "no change of what was signed was found after it",
    "conclusion.a4_changed": "what was signed was changed after it",
    "conclusion.a4_not_judged": "changes after it could not be judged",
    "conclusion.a4_certificate_at": "was judged at {moment}: {status}",
    "conclusion.a4_certificate": "was judged: {status}",
    "conclusion.a4_unnamed": "Signatures that are named by no event shown ({count}): {names}.",
    "conclusion.a4_custody": (
        "Whether the signatory alone held and controlled the signature creation data is for the court."
    ),
    "conclusion.persons": (
        "The platform's records show method, provider, time and result. We checked integrity and mutual "
        "correspondence of the records; we did not independently verify the person."
    ),
    "conclusion.a7": "Events 1 to {last} are contiguous and as many as the closing event says; none is missing.",
    "conclusion.a8": (
        "Before deposit: the submitter provided material on {count} of six points. This report does not decide on it."
    ),
    "conclusion.a9": (
        "The operator made a statement on platform and interests. It is shown here and was not verified."
    ),
    "conclusion.failed": "Checked and found false: {reasons}.",
    "conclusion.indeterminate": (
        "This could not be decided: {reasons}. "
        "This means neither that the data were altered nor that they were not."
    ),
    "conclusion.not_provided": "Nothing was checked here: {reasons}.",
    "conclusion.skipped": "This was not checked, because what it rests on did not hold: {reasons}.",
    "conclusion.not_applicable": "The material submitted does not concern this.",
    "conclusion.reason": "{meaning} ({check})",
    "conclusion.interval": "All events shown had come about: not before {lower}, not after {upper}.",
    "conclusion.interval_upper": "All events shown had come about: not after {upper}; no lower bound is provided.",
    "conclusion.interval_none": "No trusted source of time covers all events; no interval can be given.",
}
