"""``python -m zheng_verifier``: the command line."""

import sys

from zheng_verifier.cli import main

sys.exit(main())
