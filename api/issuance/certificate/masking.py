"""Masks for personal values on public pages: the verifier's, since reports and certificates hide the same things."""

from zheng_verifier.masking import Masked, mask_email, mask_id_number, mask_name, mask_phone

__all__ = ["Masked", "mask_email", "mask_id_number", "mask_name", "mask_phone"]
