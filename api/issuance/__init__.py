"""What is given out: bundles, certificates of deposit, the published trust policy."""
