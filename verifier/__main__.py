"""Let a bare checkout verify: ``python verifier FILE … --policy FILE``."""

import sys

from zheng_verifier.cli import main

sys.exit(main())
