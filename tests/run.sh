#!/bin/sh
# What `make test` runs: steps that share the machine's cores, three at a time, the long ones first. Floor 0 and the pure
# modules with coverage here, and the formats on the newest other Python at hand (`make pythons` runs all on each); the
# service's tests and the pipeline's; the pages in a real browser. At the end the coverage gate. Everything is printed,
# whatever failed, each step with the time its programs took of the processor.
#   tests/run.sh        all steps        tests/run.sh STEP    one of them
set -eu
bin=.venv/bin
logs=.cache/test
options='-q -p no:cacheprovider --durations=12 --hypothesis-profile=every-run'
browser='tests/html_verifier tests/portal'
signing='tests/signing tests/api/signing tests/api/clients'
whole='tests/e2e tests/docs tests/deploy tests/anchor' # installations with all their processes: much of it is waiting
pure=$(cat tests/pure_tests.txt) # they run with the formats, under coverage
long=$(cat tests/without_coverage.txt) # long, and what they reach is reached by others too

ignoring() {
    printf -- '--ignore=%s ' "$@"
}

other_python() { # the newest version at hand that is not ours
    current=$("$bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    for version in 3.13 3.12 3.11; do
        [ "$version" = "$current" ] || ! sh tests/find_python.sh "$version" >/dev/null || { echo "$version"; return; }
    done
}

# shellcheck disable=SC2046,SC2086  # lists of words
run() {
    case $1 in
    checks) "$bin/coverage" run -m pytest $options -m "not torture" $(ls verifier/tests/test_c*.py | grep -vxF "$long") ;;
    formats)
        "$bin/coverage" run -m pytest $options -m "not torture" verifier/tests $pure \
            $(ignoring verifier/tests/test_c*.py)
        ;;
    long) "$bin/python" -m pytest $options -m "not torture" $long ;;
    service) "$bin/python" -m pytest $options -m "not torture" $(ignoring $browser $whole $signing $pure) tests ;;
    signing) "$bin/python" -m pytest $options -m "not torture" $(ignoring $pure) $signing ;;
    whole) "$bin/python" -m pytest $options -m "not torture" $(ignoring $pure) $whole ;;
    browser) "$bin/python" -m pytest $options -m "not torture" $browser ;;
    other)
        version=$(other_python)
        if [ -n "$version" ]; then
            sh tests/other_python.sh "$version" "$(sh tests/find_python.sh "$version")" formats
        else
            echo "no other Python is on this machine: floor 0 was tested on one"
        fi
        ;;
    esac
}

if [ $# = 1 ]; then # keep the step's words and its outcome
    if run "$1" >"$logs/$1.log" 2>&1; then echo 0; else echo 1; fi >"$logs/$1.rc"
    times >"$logs/$1.times" # what the step's programs took of the processor: user, system
    tail -n 1 "$logs/$1.times" >>"$logs/$1.log"
    exit 0
fi

steps='whole service browser signing formats checks other long'
rm -rf "$logs" .coverage .coverage.*
mkdir -p "$logs"
# shellcheck disable=SC2086  # a list of words
printf '%s\n' $steps | xargs -P 3 -n 1 sh tests/run.sh
failed=0
for step in $steps; do
    echo "---- $step"
    cat "$logs/$step.log"
    [ "$(cat "$logs/$step.rc")" = 0 ] || failed=1
done
"$bin/coverage" combine -q
"$bin/python" tests/coverage_gate.py || failed=1
exit "$failed"
