"""The annexes, and the list of evidence."""

WORDS = {
    "evidence_list_title": "List of Evidence",
    "evidence_list_note": (
        "Ordered by Art. 19 of the Provisions on Evidence in Civil Procedure. Pages and date are filled in by the party who "
        "files the evidence."
    ),
    "list_foot": (
        "Classes of electronic data are those of Art. 14 of the Provisions on Evidence in Civil Procedure. Digests and the "
        "method of verification are in the evidence report."
    ),
    "list_filed_by": "Filed by (signature or seal)",
    "exhibit_no": "No.",
    "exhibit_name": "Evidence",
    "source": "Source",
    "fact_to_prove": "Fact to be proved",
    "content_note": "Content",
    "pages": "Pages",
    "filed_on": "Filed on",
    "to_fill_in": "(to fill in)",
    "exhibit_document": "Document {role} ({media_type})",
    "exhibit_record": "Record of the signing events",
    "exhibit_identity": "Records of identity verification",
    "exhibit_intent": "Records of intent and information",
    "exhibit_certificates": "Records of certificates and seals",
    "exhibit_signatures": "Records of electronic signatures",
    "exhibit_delivery": "Records of sending, delivery and notices",
    "exhibit_tokens": "Time-stamps",
    "exhibit_anchors": "Blockchain records",
    "exhibit_report": "Evidence report",
    "source_events": "submitted by the platform, events {numbers}",
    "source_log": "log {log}",
    "source_bundle": "enclosed in the evidence file",
    "proves_document": "that the document is the same data as deposited",
    "proves_record": "order and completeness of the events of the signing",
    "proves_identity": "what the platform checked of the signatories, by whom and when",
    "proves_intent": "what was shown, told and confirmed before signing",
    "proves_certificates": "certificates, keys and seals used in signing",
    "proves_signatures": "that signatures were made, and whether anything changed after",
    "proves_delivery": "sending, delivery and notices of the contract",
    "proves_tokens": "that the data existed no later than the stated times",
    "proves_anchors": "that digests of the data are recorded on a chain",
    "proves_report": "the results of the technical verification of the above",
    "content_document": "electronic data, item ({item}); {size} bytes; SHA-256 {sha256}",
    "content_record": "electronic data, item ({item}); case {case}; {count} events",
    "content_events": "electronic data, item ({item}); {count} events",
    "content_tokens": "electronic data, item ({item}); {count} tokens",
    "content_anchors": "electronic data, item ({item}); {count} records",
    "content_report": "no. {number}, version {version}",
    "files_note": "These digests can be computed and compared with any common tool.",
    "trust_policy": "trust policy",
    "bundle": "evidence file (bundle.json)",
    "entries_note": (
        "For each event the public leaf, then the entry, in canonical JSON (line breaks are not part of it; the bytes "
        "that count are in the evidence file); {checks}. Sealed "
        "values stand in the entry as commitments only; what was opened is in the chapters."
    ),
    "enclosed_note": (
        "What is enclosed is named by SHA-256; “place” is its JSON pointer in the evidence file (bundle.json). "
        "Certificates and "
        "revocation lists within a time-stamp stand below it."
    ),
    "what": "What",
    "place": "Place",
    "nothing_enclosed": "The evidence file encloses no certificate, revocation list or time-stamp.",
    "enclosed_certificate": "certificate",
    "enclosed_token": "time-stamp",
    "token_certificate": "– its certificate",
    "token_crl": "– its revocation list",
    "blocks_note": (
        "The enclosed chain records as they read; whether they are trusted is said by C09 and C10. Block header, receipt, "
        "transaction and account proofs are in the evidence file at the place named."
    ),
    "chain_record_at": "Chain record  {place}",
    "chain_id": "Chain id",
    "contract_address": "Contract",
    "block_number": "Block number",
    "header_hash": "Hash of the block header",
    "header_bytes": "Bytes of the header",
    "transaction_index": "Index of the transaction",
    "proofs_of_record": "Proof nodes",
    "proof_nodes": "receipt {receipt}, transaction {transaction}, account {account}",
    "no_chain_record": "The evidence file encloses no chain record.",
    "term": "Term",
    "other_language": "Chinese",
    "sources_note": "The rules and standards by which the chapters are ordered; go by the officially published texts.",
    "rule": "Rule or standard",
    "used_for": "Used for",
    "versions_note": (
        "A report issued again is a new version and names here what it replaces; issue and withdrawal are recorded in "
        "the case."
    ),
    "supersedes": "Replaces",
}
