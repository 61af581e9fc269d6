"""Sentences of C18: records about persons."""

SENTENCES = {
    "identity.party": "party {party}",
    "identity.two": "{one} and {other}",
    "identity.no_signer": "nobody signs in a case of this kind",
    "identity.none": "no identity record is shown",
    "identity.none_of_party": "it signed, and no identity record about it is shown",
    "identity.simulated": "a simulator answered, no real provider: it names nobody",
    "identity.elsewhere": "the check that it relies on lies in another case, which is not shown",
    "identity.record": "the platform's record of a check; no receipt signed by the provider is enclosed",
    "identity.after_signing": "{events}: the identity was recorded after the signature",
    "identity.sealed": "a value is sealed, so that this cannot be compared: {link}",
    "identity.link_name": "the name in the contract is a verified name of the party",
    "identity.link_person": "the records about the party name one person or organisation",
    "identity.link_number": "the records about the party bear one number of the same kind of document",
    "identity.link_subject": "the subject of the signing certificate is a verified name of the party",
    "identity.link_phone": "the one-time password went to the verified phone number",
    "identity.link_account": "the account is one registered in this case",
    "identity.link_certificate": "the signing certificate is the one issued for that key",
    "identity.link_party": "key and certificate are the party's",
    "identity.broken_name": "the name in the contract is none of the names verified of the party",
    "identity.broken_phone": "the one-time password went to another number than that verified of who is named",
    "identity.broken_subject": "the certificate that signed was issued under another name than any verified of the party",
    "identity.subject_unclear": (
        "the certificate's subject, {subject}, is masked, in another script or form than the verified name: "
        "whether it names the same person cannot be told"
    ),
    "identity.several": "they name different persons for one party: which of them acted is not shown",
    "identity.broken_account": "the account is none of those registered in this case",
    "identity.broken_certificate": "the certificate issued for that key is another than the one that signed",
    "identity.broken_party": "the key's certificate was issued to another party",
    "identity.agent_unknown": "the event that it names as the agent's verification is not one",
    "identity.no_authority": "no authority of the person acting is named",
    "identity.authority": "an authority document is named by its digest; its content is for the court",
}
