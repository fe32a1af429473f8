#!/bin/sh
# Measures one level of load: `bench/run.sh --in-flight 64 --seconds 10`; --help lists the options.
# Starts three nodes on this machine, with fresh directories, unless --endpoints names a cluster.
# Builds what is not built.
#
#   BENCH_PEER   zookeeper or rheakv: with the libraries of that peer, for its targets (bench/peers.sh)
set -eu
self=$0
if [ -L "$self" ]; then self=$(readlink -f "$self"); fi
case $self in */*) here=${self%/*} ;; *) here=. ;; esac
home=$(cd "$here/.." && pwd)
. "$home/bin/find-java.sh"

for module in kv-server bench; do
  if [ ! -r "$home/$module/target/$module.jar" ]; then
    command -v mvn >/dev/null || die "not built yet, and no mvn found to build it"
    echo "building (once, about a minute)" >&2
    (cd "$home" && mvn -B -q -DskipTests package)
    break
  fi
done

find_java
set -- --home "$home" "$@"
if [ -n "${BENCH_PEER:-}" ]; then
  peer=$home/bench/peers/$BENCH_PEER/target
  [ -d "$peer/lib" ] || die "no such peer, or not built: bench/peers.sh $BENCH_PEER"
  set -- -cp "$peer/classes:$peer/lib/*" raftkv.bench.Main "$@"
else
  find_jar bench
  set -- -jar "$jar" "$@"
fi
if [ "$java_major" -ge 24 ]; then
  set -- --sun-misc-unsafe-memory-access=allow "$@"
fi
# shellcheck disable=SC2086 # several options in one variable
exec "$java" -Xms256m -Xmx256m -XX:+UseG1GC -XX:-UsePerfData ${BENCH_JAVA_OPTS:-} "$@"
