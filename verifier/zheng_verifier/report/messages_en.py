"""The reports' texts in English."""

from zheng_verifier.report.model import AxisId, CheckId, Overall, PolicySource, Status
from zheng_verifier.report.texts import Catalogue, CheckText

CATALOGUE = Catalogue(
    checks={
        CheckId.C01: CheckText(
            "Package and file list", "the package is as it was exported", "that the export is complete"
        ),
        CheckId.C02: CheckText(
            "Documents",
            "the files at hand have the digests and sizes recorded at deposit",
            "who wrote them, when, or that they are true",
        ),
        CheckId.C03: CheckText(
            "Entries and sealed values",
            "each entry is the one its public leaf commits to, and opened values are those deposited",
            "that the event really happened",
        ),
        CheckId.C04: CheckText(
            "Order and completeness of the case",
            "the numbered events follow one another without gap or exchange, to the closing event",
            "that the platform deposited everything; that there is no other case",
        ),
        CheckId.C05: CheckText(
            "Submitter's signature",
            "the holder of this key submitted these words",
            "that the submitter is honest; that a contract party acted",
        ),
        CheckId.C06: CheckText(
            "Inclusion in the log", "each leaf is in the tree with this root hash", "when it was added"
        ),
        CheckId.C07: CheckText(
            "Signature of the log",
            "the holder of the log's key committed to this tree",
            "that nobody was shown another tree",
        ),
        CheckId.C08: CheckText(
            "Growth of the log",
            "between these checkpoints leaves were only added",
            "that the leaves are true",
        ),
        CheckId.C09: CheckText(
            "Content of the chain record",
            "the trusted contract recorded exactly this signed checkpoint",
            "that the block is final",
        ),
        CheckId.C10: CheckText(
            "Place on the chain",
            "the transaction succeeded in a block that the policy trusts",
            "anything before it was recorded; that the chain's nodes are independent",
        ),
        CheckId.C11: CheckText(
            "Time-stamps",
            "the signed checkpoint existed no later than the stated time, as far as the authority is trusted",
            "who made it; that its content is true",
        ),
        CheckId.C12: CheckText(
            "Further chains", "independent support for time and integrity", "the same as C10"
        ),
        CheckId.C13: CheckText(
            "Signatures in PDF documents",
            "what was signed is unchanged",
            "that the signer alone held and used the key",
        ),
        CheckId.C14: CheckText(
            "Signers' certificates",
            "the key was certified to that name then",
            "that the named person used it",
        ),
        CheckId.C15: CheckText(
            "Electronic seals", "the seal is genuine and was in force", "authority to use it"
        ),
        CheckId.C16: CheckText(
            "Times against each other",
            "the times from different sources do not contradict one another",
            "the exact moment of an act",
        ),
        CheckId.C17: CheckText(
            "Revocations and notices", "no notice is known against the keys", "that none will come"
        ),
        CheckId.C18: CheckText(
            "Identity records", "what was checked of a person, by whom, when", "that nobody impersonated him"
        ),
        CheckId.C19: CheckText(
            "Intent records", "an act of confirmation bound to the document", "inner will; freedom"
        ),
        CheckId.C20: CheckText(
            "Expected events", "the events of the declared flow are there", "events off the platform"
        ),
        CheckId.C21: CheckText("Before deposit", "material for the court", "nothing: it is not decided here"),
        CheckId.C22: CheckText("Independence and platform", "a disclosure was made", "neutrality in law"),
        CheckId.C23: CheckText(
            "Algorithms",
            "the algorithms are accepted by the policy for their time",
            "their strength in future",
        ),
    },
    axes={
        AxisId.A1: "Integrity",
        AxisId.A2: "Existence in time",
        AxisId.A3: "Ledger storage",
        AxisId.A4: "Electronic signatures",
        AxisId.A5: "Link to persons",
        AxisId.A6: "Intent",
        AxisId.A7: "Completeness of events",
        AxisId.A8: "Before deposit",
        AxisId.A9: "Independence",
    },
    statuses={
        Status.PASSED: "PASSED",
        Status.FAILED: "FAILED",
        Status.INDETERMINATE: "INDETERMINATE",
        Status.NOT_PROVIDED: "NOT PROVIDED",
        Status.NOT_APPLICABLE: "NOT APPLICABLE",
        Status.SKIPPED: "SKIPPED",
    },
    overall={
        Overall.CONSISTENT: "CONSISTENT: integrity, time and ledger storage were checked, and all agree.",
        Overall.INCONSISTENT: "INCONSISTENT: at least one statement was checked and is false. See what FAILED below.",
        Overall.INCOMPLETE: "INCOMPLETE: nothing checked is false, but not everything could be shown.",
        Overall.UNREADABLE: "UNREADABLE: the input is not a bundle or not a policy. Nothing was checked.",
    },
    sources={
        PolicySource.USER: "chosen by the verifier's user",
        PolicySource.BUILT_IN: "built into the verifier",
        PolicySource.PACKAGE: "taken from the thing under test",
    },
    sealed={
        "OPENED": "opened: the value matches its commitment",
        "WITHHELD": "withheld: not opened in this bundle",
        "ERASED": "erased: its key was destroyed",
        "NEVER_HELD": "never held: the service did not see the value",
    },
    codes={
        "SELF_ASSERTED": "single-machine test chain: the operator's own word",
        "TEST_TSA": "test time-stamps: not a trusted source of time",
        "UNTRUSTED_TSA": "the policy trusts no such authority",
        "UNTRUSTED_CHAIN": "the policy knows no such contract",
        "UNTRUSTED_PUBLISHER": "the policy does not name the publisher",
        "BLOCK_NOT_PINNED": "the policy does not name the block",
        "CODE_NOT_SHOWN": "the contract's code is not shown",
        "NOT_IMPLEMENTED": "the evidence is there; this version does not judge it",
        "NOT_PROVIDED": "no evidence of this kind is enclosed",
        "NO_DOCUMENT": "no document was given to compare",
        "DOCUMENT_NOT_SUPPLIED": "a named document was not given to compare",
        "WITHHELD": "an entry or digest is withheld",
        "KEY_UNKNOWN": "the key is not known",
        "NOT_CLOSED": "the case is not shown as closed: more events may follow",
        "NOT_ATTESTED": "no attested export says how far the case went",
        "SEQ_GAP": "events of the case are not in the bundle",
        "NOT_SIGNED": "an event was deposited without the submitter's signature",
        "NO_LATER_CHECKPOINT": "one checkpoint alone shows no growth",
        "NO_CONSISTENCY_PROOF": "no path shows that the log only grew",
        "NOT_COVERED": "no such evidence covers these events",
        "QUORUM_NOT_MET": "fewer sources than the policy asks for",
        "NO_POE": "no trusted proof of existence",
        "DEPENDENCY": "what it rests on did not hold",
        "HASH_FAILURE": "the digests differ",
        "DIGEST_DISAGREEMENT": "one digest agrees and another does not",
        "SIG_CRYPTO_FAILURE": "a signature does not hold",
        "INCLUSION_FAILURE": "a leaf is not in the tree at that place",
        "CONSISTENCY_FAILURE": "the log did not only grow",
        "COMMITMENT_MISMATCH": "an opened value does not match its commitment",
        "ANCHOR_MISMATCH": "the chain records something else",
        "TIMESTAMP_ORDER_FAILURE": "the times contradict one another",
        "KEY_COMPROMISED": "the log's key was stolen",
        "COMPROMISE_WINDOW": "signed between the claimed theft of the key and its notice",
        "LATE_ANCHOR": "time-stamped more than a day after receipt",
    },
    labels={
        "title": "Verification report",
        "policy": "Trust policy",
        "policy_dates": "issued {issued}, in force until {expires}",
        "verified_at": "Verified at (verifier's own clock)",
        "not_stated": "not stated",
        "verifier": "Verifier",
        "unsigned": "This report was made offline and is not signed; anyone can repeat it.",
        "inputs": "Inputs",
        "log": "Log",
        "case": "Case",
        "overall": "Overall",
        "axes": "By question",
        "checks": "Checks",
        "proves": "proves",
        "not_proves": "does not prove",
        "events": "Events",
        "claimed": "claimed",
        "received": "received (service's clock)",
        "not_before": "not before",
        "not_after": "not after",
        "anchored": "block time",
        "untrusted": "not trusted",
        "withheld_entry": "entry not enclosed",
        "findings": "{count} findings",
        "notes": "Notes",
        "why": "because",
    },
    notes={
        "POLICY_FROM_PACKAGE": "The trust policy came with the thing under test; the overall word is capped.",
        "NO_VERIFICATION_TIME": "No time of verification was given: whether the policy is in force is not known.",
        "POLICY_NOT_IN_FORCE": "The trust policy is not in force at the time of verification.",
    },
    closing=(
        "These are technical results that anyone can repeat with the same files and policy. They concern the time after "
        "deposit; where there is evidence to the contrary, the court's findings prevail. INDETERMINATE means neither "
        "that the data were altered nor that they were not."
    ),
)
