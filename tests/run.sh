#!/bin/sh
# What `make test` runs: all tests with coverage, the coverage gate, and floor 0 with the pure modules on every other
# Python at hand.
set -eu
bin=.venv/bin

rm -f .coverage .coverage.*
"$bin/coverage" run -m pytest -m "not torture" "$@"
"$bin/coverage" combine -q
"$bin/python" tests/coverage_gate.py

for version in 3.11 3.12 3.13; do
    case "$("$bin/python" -V)" in *" $version."*) continue ;; esac
    python=$(command -v "python$version" || true)
    if [ -z "$python" ] || ! "$python" -c 'import sys' >/dev/null 2>&1; then
        echo "Python $version is not on this machine: floor 0 was not tested on it"
        continue
    fi
    sh tests/other_python.sh "$version"
done
