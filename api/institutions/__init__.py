"""Institutions that take evidence: court chains, notary offices, forensic centres, arbitration; ports and their jobs."""
