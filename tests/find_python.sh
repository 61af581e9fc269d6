#!/bin/sh
# Print an interpreter of the version given (find_python.sh 3.12), on the path or of pyenv; fail if there is none.
version=$1
for python in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
    if "$python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" >/dev/null 2>&1; then
        "$python" -c 'import sys; print(sys.executable)'
        exit 0
    fi
done
exit 1
