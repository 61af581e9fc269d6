"""Running an installation: making it, its worker, the authorities and chains outside, its health."""
