"""A certification authority of our own, for tests and demonstrations: it certifies whatever name it is told.

    folder       its keys and certificates, made whole or not at all
    issuing      certificates, CRLs and OCSP responses, pure
    register     what it issued and revoked, in a database of its own, encrypted
    authority    ``LocalTestCa``: all of it as a ``CertificateAuthority``

Its names say TEST 测试, its policies say that they promise nothing, and every trust policy must call it a test. It is built
like a real one: root and issuing authority apart, delegated OCSP responder, numbered CRLs, random serial numbers.
"""

from signing.certificates.testca.authority import LocalTestCa, trusted_ca

__all__ = ["LocalTestCa", "trusted_ca"]
