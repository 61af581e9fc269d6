"""The installation's issuing identity: what certificates are sealed (PAdES) and reports are signed (JWS) with."""
