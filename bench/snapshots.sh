#!/usr/bin/env bash
# What snapshots cost those who write meanwhile: a cluster with much state, puts in an open loop at half
# of the best rate, in turn without any snapshot and with one after the other, node by node.
#
#   bench/snapshots.sh [--state-mib N] [--seconds N] [--rounds N]
#
#   --state-mib  keys and values before it begins (default 500)
#   --seconds    how long each measurement lasts (default 25: then none is due by itself meanwhile)
#   --rounds     how often both are measured (default 5)
#
# Prints latencies, the ratio of the medians of the p99s, snapshots taken, and whether the leader
# changed. Leaves all that in bench_snapshots.log in the current directory. Takes about ten minutes.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
state_mib=500
seconds=25
rounds=5
value_bytes=1000

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --state-mib) state_mib=${2:-}; shift ;;
    --seconds) seconds=${2:-}; shift ;;
    --rounds) rounds=${2:-}; shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "snapshots.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done
for number in "$state_mib" "$seconds" "$rounds"; do
  case $number in
    '' | *[!0-9]* | 0) echo "snapshots.sh: '$number' is no number above 0" >&2; exit 2 ;;
  esac
done

keys=$((state_mib * 1048576 / value_bytes))
export KV_HEAP=${KV_HEAP:-$((1024 + state_mib * 2))m}

. "$home/bench/lib.sh"
begin snapshots

# Snapshots of a node, one after the other, the nodes in turn, until the load has ended.
snapshots_until_end() {
  local load=$1 id=1
  while kill -0 "$load" 2>/dev/null; do
    at "$id" snapshot --timeout 60s >>"$work/taken.out" 2>&1 || echo "node $id: refused" >>"$work/taken.out"
    id=$((id % nodes + 1))
  done
}

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

machine
start_cluster
put_load fill --ops "$keys" --in-flight 256
tell "$state_mib MiB stored" fill
put_load best --ops 200000 --in-flight 256
tell "best rate" best
rate=$(($(rate_of best) / 2))
term=$(cli status -o json | grep -o '"term":[^,]*' | sort -u)
calm=() busy=()
for ((round = 1; round <= rounds; round++)); do
  cli snapshot --timeout 60s >/dev/null
  since=$(now_ms)
  put_load "calm$round" --ops $((rate * seconds)) --rate "$rate" --in-flight 512
  calm+=("$(p99_of "calm$round")")
  tell "$rate/s, $(count_since "$since" 'snapshot taken') snapshots" "calm$round"

  since=$(now_ms)
  put_load "busy$round" --ops $((rate * seconds)) --rate "$rate" --in-flight 512 &
  snapshots_until_end $!
  wait $! || fail "the load failed: $(cat "$work/busy$round.out")"
  busy+=("$(p99_of "busy$round")")
  tell "$rate/s, $(count_since "$since" 'snapshot taken') snapshots" "busy$round"
done
say "p99 without $(median "${calm[@]}") ms, with $(median "${busy[@]}") ms: $(
  awk -v a="$(median "${calm[@]}")" -v b="$(median "${busy[@]}")" 'BEGIN {printf "%.2f", b / a}') times"
after=$(cli status -o json | grep -o '"term":[^,]*' | sort -u)
say "terms before: $(echo $term), after: $(echo $after)"
for ((id = 1; id <= nodes; id++)); do
  say "node $id: memory $(mib_of "$id" VmHWM) MiB at most, disk $(disk_mib "$id") MiB"
  { log_since "$id" 0 | grep 'snapshot taken' || true; } | tail -n 1 | quote
done
say "took $((SECONDS - begun)) s"
if [ "$term" != "$after" ]; then fail "the leader changed"; fi
