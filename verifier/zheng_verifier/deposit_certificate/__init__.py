"""The certificate of deposit (存证证书): one sealed PDF that carries its record and its own proof.

    record     certificate.json: what the page prints, a closed format             record.py, model.py
    attached   the two files out of a stranger's PDF, under limits                 attached.py
    summary    what the enclosed bundle says of its case, in the record's terms    summary.py
    compare    the record held against the summary, field by field                 compare.py

The page is rendered from the record and from nothing else; the service builds the record with ``summary.py``, the
verifier compares with it, so that there is one reading of a bundle and not two. ``checks/certificate.py`` makes
findings of all this. Specification: docs/spec/certificate.md.
"""
