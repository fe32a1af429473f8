#!/bin/sh
# Measures puts: `bench/run.sh --ops 100000 --in-flight 64`; --help lists the options. Starts three
# nodes on this machine, with fresh directories, unless --endpoints names a cluster. Builds what is
# not built.
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
find_jar bench
set -- -jar "$jar" --home "$home" "$@"
if [ "$java_major" -ge 24 ]; then
  set -- --sun-misc-unsafe-memory-access=allow "$@"
fi
exec "$java" -Xms256m -Xmx256m -XX:+UseG1GC -XX:-UsePerfData "$@"
