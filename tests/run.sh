#!/bin/sh
# What `make test` runs, in two lanes side by side: the service's tests in one; in the other floor 0 and the pure
# modules, with coverage here and without on every other Python at hand, then the pages in a real browser. At the end
# the coverage gate. Everything is printed, whatever failed.
set -eu
bin=.venv/bin
logs=.cache/test
failed=0

rm -rf "$logs" .coverage .coverage.*
mkdir -p "$logs"

keep() { # run a step and keep its words and its outcome
    name=$1
    shift
    if "$@" >"$logs/$name.log" 2>&1; then echo 0; else echo 1; fi >"$logs/$name.rc"
}

tell() {
    for name in "$@"; do
        echo "---- $name"
        cat "$logs/$name.log"
        [ "$(cat "$logs/$name.rc")" = 0 ] || failed=1
    done
}

options='-q -p no:cacheprovider'
browser='tests/html_verifier tests/portal'
others=""
current=$("$bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
for version in 3.11 3.12 3.13; do
    [ "$version" = "$current" ] || others="$others $version"
done

pure_lane() {
    # shellcheck disable=SC2046,SC2086  # lists of words
    keep pure "$bin/coverage" run -m pytest $options -m "not torture" verifier/tests $(cat tests/pure_tests.txt)
    for version in $others; do
        if interpreter=$(sh tests/find_python.sh "$version"); then
            keep "python$version" sh tests/other_python.sh "$version" "$interpreter"
        else
            keep "python$version" echo "Python $version is not on this machine: floor 0 was not tested on it"
        fi
    done
    # shellcheck disable=SC2086  # lists of words
    keep browser "$bin/python" -m pytest $options -m "not torture" --durations=10 $browser
}

pure_lane &
# shellcheck disable=SC2046,SC2086  # lists of words
keep service "$bin/python" -m pytest $options -m "not torture" --durations=15 $(printf -- '--ignore=%s ' $browser) tests
wait

tell pure
for version in $others; do tell "python$version"; done
tell browser service
"$bin/coverage" combine -q
"$bin/python" tests/coverage_gate.py || failed=1
exit "$failed"
