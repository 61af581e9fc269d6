"""The act of signing: confirmed intent, a key, a signature, evidence; taken up again wherever it was cut off."""
