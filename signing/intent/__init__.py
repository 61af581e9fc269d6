"""A signer's intent: terms pointed out and acknowledged, and a challenge bound to the very bytes that he is shown."""
