"""`python -m api.cli`: the same as `zheng`, for processes that this one starts."""

from api.cli.main import main

main()
