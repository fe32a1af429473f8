#!/bin/sh
# Tables and plots of the runs of bench/compare.sh, growth.sh, soak.sh and cli.sh, from their raw lines:
# `bench/report.sh bench/results/NAME`. Writes *.md and *.svg beside them, and prints the tables; with
# --into FILE it puts them there instead, between marks.
set -eu
self=$0
if [ -L "$self" ]; then self=$(readlink -f "$self"); fi
case $self in */*) here=${self%/*} ;; *) here=. ;; esac
home=$(cd "$here/.." && pwd)
. "$home/bin/find-java.sh"
find_java
find_jar bench
exec "$java" -cp "$jar" raftkv.bench.report.Summary "$@"
