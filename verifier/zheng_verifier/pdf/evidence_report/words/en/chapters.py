"""Chapters 1 to 17."""

WORDS = {
    # 1
    "by_question": "Results by question",
    "question": "Question",
    "rests_on": "What it rests on, and why",
    "all_its_checks_passed": "all checks that bear on it passed",
    "marks": (
        "Marks: ● PASSED; × FAILED; ○ INDETERMINATE; ◎ material for the court; – not provided, not applicable or skipped."
    ),
    "by_check": "All checks",
    "by_check_note": (
        "The numbers C01 to C23 are those printed as basis throughout this report. “Proves” is filled in only for checks "
        "that passed."
    ),
    "not_one_word": (
        "This report gives a result for each question and sums them up in no single mark. INDETERMINATE means neither "
        "that the data were altered nor that they were not."
    ),
    # 2
    "standing": "Applicant's relation to the case",
    "scope": "Scope",
    "scope_value": (
        "technical verification of the events, documents, signatures, time-stamps, log and chain records of the case"
    ),
    "log": "Log",
    "event_count": "Events",
    "received_materials": "Materials received",
    "container": "What the evidence came in",
    "container_kind": "Kind",
    "container_package": "evidence package",
    "container_certificate": "certificate of deposit",
    "certificate_number": "Certificate no.",
    "file_count": "Files",
    "departures": "Departures from the canonical form",
    "enclosed_report": "Enclosed report against this verification",
    "enclosed_agrees": "same results",
    "enclosed_differs": "other results; this verification is the one that counts here",
    # 3
    "own_word": (
        "But for the issuer's name, everything in this chapter is what the operator says of himself: disclosed, not "
        "verified. What he did not say is printed as not provided."
    ),
    "operator": "Operator",
    "uscc": "Unified social credit code",
    "contact": "Contact",
    "cac_filing_no": "Filing as a blockchain information service",
    "mlps_no": "Multi-level protection scheme, filing no.",
    "crypto_assessment_no": "Commercial cryptography assessment no.",
    "paid_by": "Paid by",
    "who_runs_what": "Who runs what",
    "component": "Component",
    "run_by": "Run by",
    "related": "Related to the operator",
    "component_log": "Log",
    "component_tsa": "Time-stamping authority",
    "component_chain": "Blockchain nodes",
    "component_witness": "Witnesses",
    "component_portal": "Verification portal",
    "component_ca": "Certification service provider",
    "component_identity": "Identity verification",
    "component_sms": "Text messages",
    "interests": "Interests",
    "interests_unknown": "The operator states nothing about interests: not provided.",
    "interests_none": "The operator states that he has no interest relation with a party.",
    "counterpart": "With",
    "relation": "Relation",
    # 4
    "documents_note": (
        "For each event, the versions of documents that it names and their digests. A document is “as shown” to the signer, "
        "“as finalised”, or “as signed”, with the signature added. Whether the files at hand are the same is check C02."
    ),
    "document": "Document",
    "digests": "Digests",
    "hashed_by": "Computed by",
    "at_hand": "Compared",
    "hashed_by_service": "the deposit service",
    "hashed_by_submitter": "the submitter (the service did not see the file)",
    "not_at_hand": "file not given",
    "sealed_digest": "digest sealed, not opened",
    "no_documents": "No event shown names a document.",
    "document_events": "How documents were made, sent and received",
    "result_of_comparison": "Result of the comparison",
    "role_original": "original",
    "role_shown": "as shown",
    "role_finalized": "as finalised",
    "role_signed": "as signed",
    "role_attachment": "attachment",
    "role_archived": "as archived",
    # 5
    "identity_note": (
        "The records of identity verification that the platform deposited. We checked integrity and mutual correspondence "
        "of the records; we did not independently verify the person. Personal values show their state first (OPENED, "
        "WITHHELD, ERASED, NEVER HELD), then the value; the redacted edition masks opened values."
    ),
    "party": "Party",
    "party_role": "Role",
    "party_signatory": "signatory",
    "party_guarantor": "guarantor",
    "party_witness": "witness",
    "party_approver": "approver",
    "party_copy": "copy recipient",
    "party_reference": "Random reference within this case",
    "no_identity": "No record of identity verification is provided.",
    # 6
    "certificates_note": (
        "The particulars that a certificate must state by Art. 21 of the Electronic Signature Law. What the platform did "
        "not deposit is printed as not provided."
    ),
    "no_certificates": "No record of a certificate being issued is provided.",
    "esl21": "Particulars of Art. 21",
    "esl21_provider": "(1) name of the certification service provider",
    "esl21_holder": "(2) name of the holder",
    "esl21_serial": "(3) serial number",
    "esl21_validity": "(4) period of validity",
    "esl21_key": "(5) signature verification data",
    "esl21_signature": "(6) electronic signature of the provider (certificate)",
    "esl21_other": "(7) other content",
    "key_custody": "Control of the signature creation data",
    "key_custody_note": (
        "Who made the signature creation data, where they were kept, whether they could be exported and when they were "
        "destroyed, as the platform deposited it. Whether the signatory alone held and controlled them is for the court."
    ),
    "no_custody": "No record is provided of how the signature creation data were made, kept or destroyed.",
    "seals": "Electronic seals",
    "no_seals": "No record of an electronic seal is provided.",
    # 7
    "intent_note": (
        "What was shown, told, agreed and confirmed before signing. Whether a recorded act expresses the signatory's inner "
        "will is beyond technical verification."
    ),
    "no_intent": "No record of confirmation, consent or display is provided.",
    # 8
    "five_times": (
        "Five times are kept apart and none stands for another: claimed (the submitter's word), received (the service's "
        "clock), time-stamp (the authority), witness of the checkpoint (chapter 12), block (the block header). The first "
        "two "
        "are statements; how far the others are trusted is for the trust policy."
    ),
    "events_and_times": "Events and times",
    "actor": "Actor",
    "actor_person": "person",
    "actor_organization": "organisation",
    "actor_agent": "agent",
    "actor_admin": "administrator",
    "actor_system": "system",
    "actor_api_client": "API client",
    "not_after": "Not after",
    "stamped_at": "Time-stamp",
    "witnessed_at": "Witness",
    "not_before": "Not before",
    "block_time": "Block time",
    "times_basis": (
        "Basis: {checks}. Claimed and received times are statements in the entries; the others were checked; “not "
        "trusted” means by the policy."
    ),
    "events_and_hashes": "Events and hashes",
    "leaf_hash": "Leaf hash",
    "previous_leaf": "Leaf hash of the event before",
    "leaf_index": "Leaf index",
    "first_of_case": "(first event)",
    "hashes_basis": "Basis: {checks}.",
    "time_line_alternative": (
        "Time line: a row for each event with its claimed time, time of receipt, time-stamp and block time."
    ),
    "time_line_caption": "Figure: time line (events {first} to {last})",
    # 9
    "integrity_note": (
        "From document to public leaf: digests of the files against those recorded; each entry against the leaf that "
        "commits to it; unbroken numbering; the submitter's signature over his words; algorithms that the policy accepts. "
        "The comparison of files follows the idea of GB/T 29361: equal digests, same data."
    ),
    "sealed_values": "Sealed values",
    "sealed_note": (
        "Personal values are sealed by salted commitments and opened one by one. Each is in one of these states; none is "
        "left blank."
    ),
    "state": "State",
    "meaning": "Meaning",
    "count": "Count",
    # 10
    "signatures_note": (
        "The records of signing. The cryptographic check of signatures within PDF files, of changes after signing and of "
        "the signers' certificates is C13 and C14, at the end of this chapter."
    ),
    "no_signatures": "No record of a signing event is provided.",
    "no_signatures_found": "No electronic signature that could be checked was found in the documents at hand.",
    "signer": "Signer by certificate",
    "signature_itself": "Signature",
    "changes_after": "Changes after it",
    "certificate_then": "Certificate then",
    "existed_by": "Existed by",
    "changes_unknown": "changes could not be judged",
    "changes_found": "changes to what was signed were found",
    "changes_permitted": "only permitted additions (such as a later signature), no change to what was signed was found",
    "changes_unclear": "additions were found, and whether they change what was signed could not be judged",
    "changes_none": "no change to what was signed was found",
    "signature_heading": "Certificate of signature {number} in {document}",
    "certificate_unreadable": "The certificate is not enclosed or cannot be read: not provided.",
    "licence": "licence no. of the CA (by the trust policy)",
    "test_ca": "test certificate, not of a licensed certification service provider",
    "custody_said": "{custody} (by an event of the case)",
    "certificate_status": "Status when signing",
    "esl13": "The four conditions of Art. 13 of the Electronic Signature Law",
    "esl13_note": (
        "For each condition: the evidence, the result of the checks, and who can vouch for it. Whether an electronic "
        "signature is reliable is for the court and is not decided here."
    ),
    "condition": "Condition",
    "evidence": "Evidence",
    "who_vouches": "Who vouches",
    "events_numbered": "events {numbers}",
    "esl13_1": "(1) when used, the signature creation data belong to the signatory alone",
    "esl13_2": "(2) when signing, the signature creation data are under the signatory's sole control",
    "esl13_3": "(3) any change to the electronic signature after signing can be discovered",
    "esl13_4": "(4) any change to content or form of the data message after signing can be discovered",
    "esl13_1_vouches": "certification service provider and platform; only their records are checked here",
    "esl13_2_vouches": "platform and signatory; only their records are checked here",
    "esl13_3_vouches": "anyone, by the method of chapter 17",
    "esl13_4_vouches": "anyone, by the method of chapter 17",
    # 11
    "timestamps_note": (
        "Time-stamps follow RFC 3161 and are made over checkpoints of the log. One that passes shows, as far as the "
        "authority is trusted, that the checkpoint and every leaf in it existed no later than the stated time."
    ),
    "tokens_as_they_read": "What the time-stamps say",
    "checkpoint": "Checkpoint",
    "checkpoint_number": "Checkpoint {number}",
    "gen_time": "Stated time",
    "token_facts": "Authority, serial, policy, accuracy",
    "imprint": "Algorithm and imprint",
    "authority": "calls itself",
    "serial": "serial",
    "policy_oid": "policy",
    "accuracy": "accuracy",
    "tokens_note": (
        "The table gives the tokens' own words; whether they are trusted is said by {checks} and the findings below."
    ),
    "no_tokens": "No time-stamp is provided.",
    "unreadable": "unreadable",
    # 12
    "chain_note": (
        "Step by step from entry to chain record: entry, leaf, root hash, checkpoint, time-stamps and chain records. Each "
        "arrow of the drawing carries its check and the result. What is said here concerns the time after upload only."
    ),
    "no_proof_path": "No checkpoint covers the events shown: there is no proof path to draw.",
    "proof_path_alternative": (
        "Proof path from the entry through leaf, root hash and checkpoint to time-stamps and chain records."
    ),
    "proof_path_caption": "Figure: proof path of event {seq} (hashes abbreviated; in full in the annexes)",
    "checkpoints": "Checkpoints",
    "tree_size": "Tree size",
    "root_hash": "Root hash",
    "covers": "Covers",
    "covers_events": "{count} events",
    "is_it_a_blockchain": "Whether this is storage on a blockchain: the facts found",
    "is_it_a_blockchain_note": (
        "Kind and finality of the chain were checked from the records under the trust policy; number of nodes, who runs "
        "them and how they agree can only be stated by the operator."
    ),
    "chain_ids": "Chain ids",
    "chain_records": "Chain records",
    "chain_kind": "Kind of chain (by the policy)",
    "chain_dev": "single-machine test chain",
    "chain_consortium": "consortium chain",
    "chain_public": "public chain",
    "finality": "Finality",
    "finality_pinned": "block named by the trust policy",
    "finality_self": "the operator's own word",
    "finality_unproven": "not shown",
    "node_operators": "Nodes run by",
    "consensus": "Consensus",
    "node_count": "Number of nodes",
    # 13
    "times_note": (
        "For each event the interval that was checked: not before … not after …. The time of receipt is the service's own "
        "clock and bounds nothing."
    ),
    "delay": "Receipt to not after",
    "delay_note": (
        "The longer from receipt to “not after”, the wider the gap before deposit; more than a day is flagged LATE_ANCHOR."
    ),
    "anomalies": "Anomalies",
    "anomalies_found": "{count} circumstances need explaining; see below.",
    "no_anomalies": "No times of different sources contradict one another, and no delay exceeds a day.",
    # 14
    "pre_chain_note": (
        "Art. 18 of the Online Litigation Rules: where a party submits evidence or reasons that data were already untrue "
        "before they were stored on the chain, the court examines it. The table follows the six items of that article and "
        "shows what the submitter enclosed for each; what he did not is printed as not provided."
    ),
    "slot": "Item",
    "material": "Material and result",
    "slot_source": "1. specific source",
    "slot_generation": "2. how it was generated",
    "slot_storage": "3. how it was stored",
    "slot_notarization": "4. notarisation by a notary office",
    "slot_third_party": "5. third-party witness",
    "slot_corroboration": "6. corroborating data",
    "pre_chain_not_decided": "Authenticity before deposit is not decided by this report.",
    # 15
    "environment_note": (
        "By the heads of Art. 17(3) and (4) of the Online Litigation Rules. What the operator states is not verified; "
        "beside "
        "it stand the checks that bear on the head and that anyone can repeat."
    ),
    "head": "Head",
    "stated": "Stated by the operator",
    "checked_here": "Checked here",
    "no_check_bears": "no check bears on it",
    "head_cleanliness": "Cleanliness",
    "head_security": "Security",
    "head_reliability": "Reliability",
    "head_availability": "Availability",
    "head_system_environment": "System environment",
    "head_technical_security": "Technical security",
    "head_encryption": "Encryption",
    "head_transmission": "Transmission of data",
    "head_information_verification": "Verification of information",
    "stated_by_operator": "Further statements of the operator",
    "time_source": "Source of time",
    "key_management": "Key management",
    "storage_and_custody": "Storage and custody",
    "custody": "Chain of custody",
    "custody_note": (
        "Opening and closing of the case, and what was exported, attested or erased since, as far as the case records it."
    ),
    "no_custody_events": "The case holds no such events.",
    # 16
    "limits_note": "This chapter states what this report does not show. It matters as much as the conclusion.",
    "not_passed": "Checks that did not pass",
    "reason": "Reason",
    "not_proved_though_passed": "What the checks that passed do not prove",
    "never_proved": "What no verification of this kind can prove",
    "limit_content": "that the content of a document is true or lawful, or a contract valid;",
    "limit_before": "that data were unaltered before they were deposited;",
    "limit_off_platform": "that there are no other documents, agreements or messages off the platform;",
    "limit_person": "that the person who acted is the one named, of his own will and free from duress;",
    "limit_clock": "the exact moment of an act: what was checked are bounds;",
    "limit_future": "the strength of algorithms and the standing of certificates in future;",
    "limit_first_deposit": "that who deposited first is the owner of a right.",
    # 17
    "repetition_note": (
        "This report was made by the program below from the evidence file and a trust policy, without a network. Anyone can "
        "repeat it on his own computer and must get the same result."
    ),
    "step_1": "Take the evidence file, the trust policy and the documents; compute their SHA-256 and compare with annex B.",
    "step_2": (
        "Choose the trust policy yourself, or get it by an independent way; its fingerprint is the first line of the "
        "cover."
    ),
    "step_3": "Install the verifier (its source is public), disconnect from the network, and run the command below.",
    "step_4": "Compare the overall word and each check with chapter 1.",
    "step_5": (
        "Who does not trust this program can write another from the published formats and try it on the conformance "
        "cases."
    ),
    "command": "Command",
    "command_note": (
        "--json gives every result in machine-readable form; --pdf REPORT.pdf --request report-request.json (attached to "
        "this "
        "file) makes this report again, byte for byte. Without --at the present moment is the time of verification."
    ),
    "expected": "Expected result",
    "expected_exit": "Exit code",
    "expected_overall": "Overall",
    "verifier": "Verifier",
    "policy": "Trust policy",
    "verified_at": "Time of verification (UTC)",
    "algorithms": "Algorithms and specifications",
    "algorithm_digest": "Digests of documents and entries: SHA-256 (FIPS 180-4), SM3 (GB/T 32905)",
    "algorithm_tree": "Tree of the log, inclusion and consistency proofs: RFC 9162",
    "algorithm_note": "Checkpoints and their signature: C2SP signed-note and tlog-checkpoint, Ed25519 (RFC 8032)",
    "algorithm_stamp": "Time-stamps: RFC 3161, RFC 5652, RFC 5280",
    "algorithm_chain": "Chain records: Merkle-Patricia proofs of Ethereum headers, receipts and transactions, Keccak-256",
    "algorithm_claim": "The submitter's signature: JWS (RFC 7515), EdDSA or ES256",
    "algorithm_json": "Canonical form: RFC 8785; sealed values: a narrow use of RFC 9901",
    "expert_pack": "Material for a person with expert knowledge",
    "expert_pack_note": (
        "The evidence package holds the evidence file, the trust policy and a readme in both languages; the verifier's "
        "source holds the format specifications, test vectors and conformance cases by which each step can be checked."
    ),
}
