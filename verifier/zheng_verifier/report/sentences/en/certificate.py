"""Sentences of C01 on a certificate of deposit: its record, its seal, and what is only said in it."""

SENTENCES = {
    "certificate.record": "record of the certificate (certificate.json)",
    "certificate.member": "record of the certificate, {member}",
    "certificate.agrees": "all {count} values that the enclosed proof shows are the record's",
    "certificate.differs": "the record says {said}, the enclosed proof says {shown}",
    "certificate.seal": "electronic seal",
    "certificate.no_seal": "the certificate bears no seal: nobody vouches for what only the issuer can know",
    "certificate.other_signatures": "there are other signatures than the one seal: {fields}",
    "certificate.seal_holds": "the seal covers the whole certificate, and nothing was changed after it",
    "certificate.seal_broken": "the seal does not hold: the certificate is not the one that was sealed",
    "certificate.partial": "the seal covers a part of the file only",
    "certificate.unclear": "whether something was changed after the sealing cannot be told",
    "certificate.changed": "changed after the sealing: {change}",
    "certificate.seal_time": "time-stamp of the seal",
    "certificate.no_time": "no authority has stated when the seal was made",
    "certificate.issuer": "issuer by the seal",
    "certificate.no_moment": "there is no moment at which the sealing certificate could be judged",
    "certificate.unknown_issuer": "the policy does not know who sealed it: {certificate}",
    "certificate.test_issuer": "sealed by the test identity of {issuer}, which shows nothing to a stranger",
    "certificate.known_issuer": "sealed by {issuer} with the certificate {certificate}",
    "certificate.statements": "the issuer's statements",
    "certificate.no_record": "there is no readable record whose statements could be listed",
    "certificate.only_said": (
        "stated by the issuer and shown by nothing in the proof: {members}. The page is printed from the record and was "
        "not read here. Whether the certificate still stands (valid, superseded, revoked) is said by the register: {url}"
    ),
}
