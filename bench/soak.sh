#!/usr/bin/env bash
# No failover without cause: a cluster under load for a long time, twice, with its leader changes counted.
#
#   bench/soak.sh [--minutes N] [--run NAME] [PART...]
#
#   PART       closed, snapshots; default: both. One that stands in the results is not measured again
#   --minutes  how long each of the two loads lasts (default 30)
#   --run      where the result goes: bench/results/NAME/soak.jsonl (default: today's date)
#
# closed: 256 puts in flight in a closed loop. snapshots: puts at 80 % of the best rate that was seen before, while
# each node in turn takes a snapshot every ten seconds. Ends with 1 if the leader changed or an answer
# of the sample was wrong. Takes an hour and five minutes. Prints what it found, which is in bench_soak.log too.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
minutes=30
run=$(date +%F)
keys=100000
value_bytes=256
parts=

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --minutes) minutes=${2:-}; shift ;;
    --run) run=${2:-}; shift ;;
    -h | --help) usage; exit 0 ;;
    closed | snapshots) parts="$parts $1" ;;
    *) echo "soak.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done
parts=${parts:-closed snapshots}
case $minutes in
  '' | *[!0-9]* | 0) echo "soak.sh: '$minutes' is no number above 0" >&2; exit 2 ;;
esac
. "$home/bench/lib.sh"
. "$home/bench/results.sh"
begin soak
open_results soak.jsonl

pids_with_commas() {
  local IFS=,
  echo "${pids[*]}"
}

# soak_load NAME OPTION...: puts, with the sample judged.
soak_load() {
  local name=$1
  shift
  put_load "$name" --target raftkv --check --pids "$(pids_with_commas)" "$@"
}

# A snapshot of each node in turn, every ten seconds, until the load has ended.
snapshots_until_end() {
  local load=$1 id=1
  while kill -0 "$load" 2>/dev/null; do
    at "$id" snapshot --timeout 60s >>"$work/taken.out" 2>&1 || echo "node $id: refused" >>"$work/taken.out"
    id=$((id % nodes + 1))
    sleep 10
  done
}

changed=no

# count_changes NAME MILLIS: leaders elected, leaders that stepped down, and elections begun since then.
count_changes() {
  local elected stepped begun_elections
  elected=$(count_since "$2" 'elected leader')
  stepped=$(count_since "$2" 'stepping down')
  begun_elections=$(count_since "$2" 'starting pre-vote')
  say "$1: $elected leaders elected, $stepped stepped down, $begun_elections pre-votes begun, $(count_since "$2" 'snapshot taken') snapshots"
  printf '{"part":"soak","name":"%s","minutes":%d,"elected":%d,"stepped_down":%d,"pre_votes":%d}\n' \
    "$1" "$minutes" "$elected" "$stepped" "$begun_elections" >>"$out"
  if [ "$elected" != 0 ] || [ "$stepped" != 0 ]; then changed=yes; fi
}

is_measured() { grep -qs "\"part\":\"soak\",\"name\":\"$1\",\"minutes\":$minutes,.*}\$" "$out"; }

# Whether what stands there says that the leader stayed.
is_calm() { grep "\"part\":\"soak\",\"name\":\"$1\",\"minutes\":$minutes," "$out" | grep -q '"elected":0,"stepped_down":0,'; }

# soak PART LOAD-OPTION...: one load of so many minutes, and what the leaders did meanwhile.
soak() {
  local part=$1 since load
  shift
  since=$(now_ms)
  soak_load "$part" --seconds $((minutes * 60)) --json "$out" --note part=soak --note "name=$part" "$@" &
  load=$!
  if [ "$part" = snapshots ]; then snapshots_until_end $load; fi
  wait $load || fail "the load failed: $(cat "$work/$part.out")"
  tell "$part, $minutes minutes" "$part"
  count_changes "$part" "$since"
}

machine
for part in $parts; do
  if is_measured "$part"; then
    say "$part: measured before"
    if ! is_calm "$part"; then changed=yes; fi
    continue
  fi
  start_cluster
  # A node that compiles is slow: the best rate of the first seconds is not what the servers can do.
  soak_load warm-up --seconds 120 --in-flight 256
  soak_load best --seconds 20 --in-flight 256
  tell "best rate, for 20 s" best
  case $part in
    closed) soak closed --in-flight 256 ;;
    snapshots) soak snapshots --rate $(($(rate_of best) * 8 / 10)) --in-flight 1024 ;;
  esac
  for ((id = 1; id <= nodes; id++)); do
    say "node $id: memory $(mib_of "$id" VmHWM) MiB at most, disk $(disk_mib "$id") MiB"
  done
  cluster_stop
  rm -rf "$work"/node*
done
say "took $((SECONDS - begun)) s"
if [ $changed = yes ]; then fail "the leader changed"; fi
