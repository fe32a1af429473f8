#!/usr/bin/env bash
# How long a call of kv-cli takes, from the start of its process to its end, with the Java that it finds.
#
#   bench/cli.sh [--calls N] [--run NAME]
#
#   --calls  how many calls are timed, behind five that are not (default 50)
#   --run    where the result goes: bench/results/NAME/cli.jsonl (default: today's date)
#
# Three nodes on this machine hold a key; `kv-cli get` reads it by --port from one after the other, a call at a
# time. Build with the same Java first: its archive of loaded classes is half of a quick start. Takes a minute.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
calls=50
run=$(date +%F)
keys=1000
value_bytes=256

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --calls) calls=${2:-}; shift ;;
    --run) run=${2:-}; shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "cli.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done
case $calls in
  '' | *[!0-9]* | 0) echo "cli.sh: '$calls' is no number above 0" >&2; exit 2 ;;
esac
. "$home/bench/lib.sh"
. "$home/bench/results.sh"
. "$home/bin/find-java.sh"
begin cli
open_results cli.jsonl
find_java

micros() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

machine
start_cluster
put_load fill --target raftkv --ops 20000 --in-flight 64
cli put cli-key "$(printf '%0256d' 1)" >/dev/null
for ((call = 1; call <= calls + 5; call++)); do
  port=${ports[call % nodes + 1]}
  since=$(micros)
  value=$("$home/bin/kv-cli" --port "$port" get cli-key)
  took=$(($(micros) - since))
  [ "${#value}" = 256 ] || fail "kv-cli get printed '$value'"
  if [ "$call" -le 5 ]; then continue; fi
  printf '{"part":"cli","java":"%s","call":%d,"us":%d}\n' "$java_build" $((call - 5)) $took >>"$out"
done
"$home/bench/report.sh" "$results" | sed -n '/^### One call/,$p'
say "took $((SECONDS - begun)) s"
