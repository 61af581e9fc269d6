"""Drawings of evidence as SVG, the same for pages, HTML and PDF; black on white says all that they say.

Pure: values in, text out. All words come from the report or from here, in both languages; everything is escaped.
"""

from zheng_verifier.report.drawings.proof_path import ProofPath, proof_path_svg, read_proof_path
from zheng_verifier.report.drawings.time_line import ROWS_PER_DRAWING, time_line_svg

__all__ = ["ROWS_PER_DRAWING", "ProofPath", "proof_path_svg", "read_proof_path", "time_line_svg"]
