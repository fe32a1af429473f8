#!/usr/bin/env bash
# A follower that was away for so long that its entries are gone: how long until it has caught up by a
# snapshot, with how much memory on both sides, and what those notice who write meanwhile.
#
#   bench/catch-up.sh [--writes N] [--state-mib N]
#
#   --writes     puts while it is away (default 1000000), and 20,000 before them that warm the client
#   --state-mib  keys and values of 1,000 bytes before that (default 0: the puts go to 100,000 keys with
#                values of 64 bytes)
#
# Puts go in an open loop at half of the best rate, before the follower starts and while it catches up.
# Leaves what it prints in bench_catch-up.log in the current directory.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
writes=1000000
state_mib=0
seconds=40

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --writes) writes=${2:-}; shift ;;
    --state-mib) state_mib=${2:-}; shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "catch-up.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done
for number in "$writes" "$state_mib"; do
  case $number in
    '' | *[!0-9]*) echo "catch-up.sh: '$number' is no number" >&2; exit 2 ;;
  esac
done

keys=100000
value_bytes=64
if [ "$state_mib" -gt 0 ]; then
  value_bytes=1000
  keys=$((state_mib * 1048576 / value_bytes))
fi
export KV_HEAP=${KV_HEAP:-$((1024 + state_mib * 2))m}

. "$home/bench/lib.sh"
begin catch-up

# It has everything that was there when it started, and counts.
has_caught_up() {
  at "$1" status -o json >"$work/status.json" 2>/dev/null || return 1
  [ "$(json_of "$1" standing)" = '"member"' ] && [ "$(json_of "$1" applied_index | tr -d '"')" -ge "$2" ]
}

# json_of ID FIELD: a field of that node's part of the status.
json_of() {
  tr -d ' \n' <"$work/status.json" | sed 's/"node_id"/\n&/g' | grep "^\"node_id\":\"\?$1\"\?," |
    sed -n "s/.*\"$2\":\(\"[^\"]*\"\|[0-9]*\).*/\1/p" | sed -n 1p
}

machine
start_cluster
if [ "$state_mib" -gt 0 ]; then
  put_load fill --ops "$keys" --in-flight 256
  tell "$state_mib MiB stored" fill
fi
leader=$(await_leader)
away=$(others_of "$leader" | sed -n 1p)
node_signal "$away" KILL
node_wait "$away" || true
put_load away --ops "$writes" --in-flight 256
tell "$writes puts without node $away" away
rate=$(($(rate_of away) / 2))
put_load before --ops $((rate * seconds)) --rate "$rate" --in-flight 512
tell "$rate/s, node $away is away" before

put_load during --ops $((rate * seconds)) --rate "$rate" --in-flight 512 &
load=$!
for id in $(others_of "$away"); do forget_peak "$id"; done
before_mib=$(mib_of "$leader" VmRSS)
at "$leader" status -o json >"$work/status.json"
goal=$(json_of "$leader" applied_index | tr -d '"')
since=$(now_ms)
node_start "$away"
wait_until 300 "node $away to catch up" has_caught_up "$away" "$goal"
caught_up=$(($(now_ms) - since))
wait $load || fail "the load failed: $(cat "$work/during.out")"
tell "$rate/s, node $away returns" during
say "caught up with index $goal in $caught_up ms from the start of its process"
for id in "$away" $(others_of "$away"); do
  { log_since "$id" "$since" | grep -E 'snapshot' || true; } | sed -n 1,6p | sed "s/^/node $id: /" | quote
done
say "memory: node $away $(mib_of "$away" VmHWM) MiB at most; leader $before_mib MiB before," \
  "$(mib_of "$leader" VmHWM) MiB at most during it"
for ((id = 1; id <= nodes; id++)); do say "node $id: disk $(disk_mib "$id") MiB"; done
wait_until 60 "equal states" cli hash >"$work/hash.out" 2>&1
quote <"$work/hash.out"
say "took $((SECONDS - begun)) s"
