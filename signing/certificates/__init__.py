"""Keys and certificates of signers: generated ahead, certified by an authority, used, and destroyed.

ports       ``CertificateAuthority``: what is asked of one
subjects    the name in a certificate
keys        the pool of key pairs generated ahead
service     ``Certificates``: request → issue → open → retire → destroy, each step recorded as evidence
status      what readers need later: OCSP responses and lists
testca      an authority of our own, for tests and demonstrations
"""
