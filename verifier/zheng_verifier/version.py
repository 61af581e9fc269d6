"""The version of the verifier, printed in every report."""

VERSION = "zheng-verifier 0.1.0"
