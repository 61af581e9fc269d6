"""Chapters 18 and 19: the fixed sentences of evidence-norms §4.4, and the undertaking of its App. C."""

WORDS = {
    "concludes_same_file": (
        "The SHA-256 and SM3 digests computed from the submitted file equal those recorded at deposit; the submitted file "
        "is the same data as deposited."
    ),
    "concludes_other_file": (
        "The digests differ: the submitted file is not the data deposited, or has changed since."
    ),
    "concludes_failed": "The check is not consistent: {reason}.",
    "concludes_undecided": (
        "Not decided this time: {reason}. This means neither that the data were altered nor that they were not."
    ),
    "concludes_not_after": "Event {seq} ({label}): its digest existed no later than {moment}.",
    "concludes_between": (
        "Event {seq} ({label}): its digest existed no later than {moment}, and the act was not earlier than {earliest}."
    ),
    "concludes_recorded": (
        "The digest belongs by inclusion proof to the root of a checkpoint, and that root is recorded on the chain with id "
        "{chain} at height {height} in transaction {transaction}; the check is consistent."
    ),
    "concludes_after_upload": "This concerns the time after upload only.",
    "concludes_signatures_hold": (
        "Electronic signatures: the cryptographic check passed; no change to what was signed was found after signing; the "
        "signing certificates were checked and valid."
    ),
    "concludes_signature": (
        "Electronic signature {number} ({document}): the cryptographic check {result}; after it, {changes}; the check of "
        "the "
        "signing certificate at {moment} {certificate}."
    ),
    "outcome_passed": "passed",
    "outcome_failed": "failed ({code})",
    "outcome_undecided": "is undecided ({code})",
    "concludes_no_signature": "The materials hold no electronic signature; the question does not arise.",
    "concludes_control": (
        "Whether the signatory alone held and controlled the signature creation data is for the court; what there is of it "
        "is in chapters 5 to 7."
    ),
    "concludes_record": "The platform's records show: event {seq} ({label}), {facts}, received {received}.",
    "concludes_not_the_person": (
        "We checked integrity and mutual correspondence of the records; we did not independently verify the person."
    ),
    "concludes_contiguous": (
        "The events submitted are numbered 1 to {last} without gap, as many as the closing event states; none is missing."
    ),
    "concludes_before": (
        "Authenticity before deposit: the submitter enclosed material for {count} of six items (chapter 14); nothing is "
        "decided here."
    ),
    "concludes_stated": (
        "The operator has stated who runs the service and its parts (chapter 3); whether they are neutral is for the court."
    ),
    "concludes_not_stated": "The operator states nothing about independence: not provided.",
    "closing_heading": "Closing",
    "closing": (
        "These are technical results that anyone can repeat by the method of chapter 17; where there is evidence to the "
        "contrary, the court's findings prevail."
    ),
    "statement": (
        "This report is a technical verification of the materials received. It concerns integrity after fixing and "
        "existence "
        "of digests no later than the stated times. It does not prove that the content is true or lawful, that it was "
        "unaltered before deposit, who signed or with what intent; it is neither a notarial act nor a forensic opinion. "
        "Weight is for the court or tribunal."
    ),
    "undertaking_heading": "Undertaking",
    "undertaking_note": (
        "To be completed and signed by the person who answers for the report; unsigned it is a draft by a program."
    ),
    "undertaking": (
        "I made this report from the attached materials by the method of chapter 17; the stated sources and process are "
        "true. My relation to the parties is as filled in below. I am willing to explain its technical questions in court."
    ),
    "form_name": "Name",
    "form_position": "Position",
    "form_competence": "Competence",
    "form_relation": "Relation to parties",
    "form_date": "Date",
    "form_sign": "Signature",
}
