#!/bin/sh
# Tables and plots of a run of bench/compare.sh, from its raw lines: `bench/report.sh bench/results/NAME`.
# Writes tables.md and *.svg beside them, and prints the tables; with --into FILE it puts them there instead,
# between the two marks.
set -eu
self=$0
if [ -L "$self" ]; then self=$(readlink -f "$self"); fi
case $self in */*) here=${self%/*} ;; *) here=. ;; esac
home=$(cd "$here/.." && pwd)
. "$home/bin/find-java.sh"
find_java
find_jar bench
exec "$java" -cp "$jar" raftkv.bench.report.Summary "$@"
