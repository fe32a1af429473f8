#!/bin/sh
# Single parts by JMH: codecs, the log on a real disk, state machine and state hash.
# `bench/jmh.sh` runs all of it, about nine minutes, and writes bench/results/jmh.json; arguments go to
# JMH, such as `bench/jmh.sh Codec -f 1 -i 3`, `bench/jmh.sh -l`, `bench/jmh.sh Store -prof gc`.
# Builds what is not built, with the profile `jmh`, which no other build needs.
set -eu
self=$0
if [ -L "$self" ]; then self=$(readlink -f "$self"); fi
case $self in */*) here=${self%/*} ;; *) here=. ;; esac
home=$(cd "$here/.." && pwd)
case ${1:-} in --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
. "$home/bin/find-java.sh"

find_java
jar=$home/bench/jmh/target/bench-jmh.jar
if [ ! -r "$jar" ]; then
  command -v mvn >/dev/null || die "not built yet, and no mvn found to build it"
  echo "building (once, about a minute)" >&2
  (cd "$home" && mvn -B -q -Pjmh -DskipTests -pl bench/jmh -am package)
fi
if [ $# -eq 0 ]; then
  mkdir -p "$home/bench/results"
  set -- -f 2 -wi 3 -w 2 -i 5 -r 2 -rf json -rff "$home/bench/results/jmh.json"
fi
# On the disk of the sources: /tmp may lie in memory, where nothing has to be forced.
mkdir -p "$home/bench/jmh/target/tmp"
begun=$(date +%s)
"$java" -jar "$jar" -foe true -jvmArgs "-Xms2g -Xmx2g -XX:+UseG1GC -Djava.io.tmpdir=$home/bench/jmh/target/tmp" "$@"
echo "took $(($(date +%s) - begun)) s"
