#!/bin/sh
# Floor 0 and the pure modules on another version of Python: other_python.sh 3.12 /path/to/python3.12 [formats]
# With "formats" only what reads and writes bytes, which is what `make test` has time for.
set -eu
version=$1
interpreter=$2
venv=.cache/venv-$version

mkdir -p .cache
[ -x "$venv/bin/python" ] || .venv/bin/uv venv --quiet --no-python-downloads --python "$interpreter" "$venv"
.venv/bin/uv pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements/dev.txt
.venv/bin/uv pip install --quiet --python "$venv/bin/python" --no-deps -e verifier -e clients/python -e .
echo "Python $version:"
formats=""
[ "${3:-}" != formats ] || formats=$(printf -- '--ignore=%s ' verifier/tests/test_[cpr]*.py verifier/tests/timestamp)
left_out=$(sed -n '/^[^#]/s/^/--ignore=/p' tests/one_python.txt)
# shellcheck disable=SC2046,SC2086  # lists of test files
"$venv/bin/python" -m pytest -q -m "not torture" -p no:cacheprovider verifier/tests $(cat tests/pure_tests.txt) $left_out $formats
