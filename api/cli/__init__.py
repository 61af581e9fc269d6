"""`zheng`: the operator's and the platform's command line."""
