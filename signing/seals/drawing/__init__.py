"""Seals and signatures as vector drawings: values in, bytes out, the same bytes on every machine and Python.

Lengths are micrometres. Curves come from ``numbers``, which uses only operations that IEEE 754 defines to the last
bit; coordinates are whole micrometres; nothing is compressed; there is no random wear. So a seal has one digest.
"""
