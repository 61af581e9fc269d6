"""Typesetting for certificates and reports: Typst, two weights of a font that knows rare names, QR codes.

Needs the extra ``zheng-verifier[pdf]``; nothing in the rest of the package imports it. It is the one place of
floor 0 that reads files: the fonts beside it.
"""
