#!/usr/bin/env bash
# Election times as in Figure 16 of the Raft paper: how long there is no leader after one has crashed, by
# the election timeout. In the simulator: five production cores over virtual time with the paper's 15 ms
# for a round of messages, 1,000 trials a setting, without pre-vote and by timeout alone as in the paper,
# and then as this system does it. On real processes, with --processes.
#
#   bench/elections.sh [--trials N] [--out DIR]
#   bench/elections.sh --processes [--trials N] [--out DIR]
#
#   --trials     of each setting (default 1000; with --processes 100)
#   --processes  five kv-servers on this machine, election timeouts of 150 to 200 and 150 to 300 ms, the
#                leader stopped (nobody is told: the timeouts decide) and killed (its connections break)
#   --out        where elections.jsonl and two plots go, or elections-processes.jsonl, which a run that was
#                cut off goes on with, and one (default bench/results)
#
# The simulator takes about a minute, the processes about an hour.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
trials=
processes=no
out=$home/bench/results

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --trials) trials=${2:-}; shift ;;
    --out) out=${2:-}; shift ;;
    --processes) processes=yes ;;
    -h | --help) usage; exit 0 ;;
    *) echo "elections.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done
mkdir -p "$out"

if [ $processes = yes ]; then
  exec "$home/bench/failover.sh" --contenders raftkv-150-200,raftkv-150-300 --nodes 5 --faults STOP,KILL \
    --trials "${trials:-100}" --rounds 5 --pace-micros 10000 \
    --results "$out/elections-processes.jsonl" --plot "$out/elections-processes.svg"
fi

. "$home/bin/find-java.sh"
find_java
classes=
for module in raft kv-server kv-client simulation; do
  if [ ! -d "$home/$module/target/classes/raftkv" ]; then
    command -v mvn >/dev/null || die "not built yet, and no mvn found to build it"
    echo "building (once, about a minute)" >&2
    (cd "$home" && mvn -B -q -DskipTests package)
  fi
  classes=$classes$home/$module/target/classes:
done
begun=$SECONDS
"$java" -Xmx512m -XX:+UseSerialGC -XX:-UsePerfData -cp "$classes$home/kv-server/target/kv-server.jar" \
  raftkv.simulation.election.ElectionFigure "${trials:-1000}" "$out"
echo
echo "took $((SECONDS - begun)) s; $out/elections.jsonl, elections-randomness.svg, elections-timeout.svg"
