"""The pages of a signer: where a link lands (`/s`), the contract (`/sign`), and the files they use."""
