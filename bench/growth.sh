#!/usr/bin/env bash
# What grows with keys, sizes of values, nodes and connections.
#
#   bench/growth.sh [--run NAME] [--keys LIST] [--seconds N] [--heat N] [PART...]
#
#   PART       keys, values, nodes, connections; default: all
#   --run      where results go: bench/results/NAME/growth.jsonl (default: today's date)
#   --keys     numbers of keys of 16 bytes, with values of 64 (default 1000000; 10000000 takes half an hour)
#   --seconds  how long each level lasts (default 16)
#   --heat     for how many seconds a cluster is written to before its level, but in the part keys (default 20)
#
#   keys         this system and etcd, empty and with so many keys: puts a second and p99; time to restart
#                a follower until it serves, its memory then; memory and disk; and how long a snapshot takes
#   values       1 KiB, 16 KiB, 512 KiB, 48 MiB of them: MB a second, next to what the disk takes by itself
#   nodes        1, 3, 5, 7
#   connections  1, 10, 100, 1,000, 2,000 of them: memory of the leader
#
# One line of JSON for each thing that was measured. Prints them as it goes. Takes about 20 minutes. What
# stands in results already is not measured again, so a run that was broken off goes on when it is called
# again: what one system did in one cluster counts as a whole or not at all.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
run=$(date +%F)
key_counts=1000000
seconds=16
heat_seconds=20
parts=

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

die() {
  echo "growth.sh: $*" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --run) run=${2:?}; shift ;;
    --keys) key_counts=${2//,/ }; shift ;;
    --seconds) seconds=${2:?}; shift ;;
    --heat) heat_seconds=${2:?}; shift ;;
    -h | --help) usage; exit 0 ;;
    keys | values | nodes | connections) parts="$parts $1" ;;
    *) die "unknown option '$1'; see --help" ;;
  esac
  shift
done
parts=${parts:-keys values nodes connections}
mkdir -p "$home/bench/target/data"

. "$home/bench/results.sh"
open_results growth.jsonl
. "$home/bench/systems.sh"
. "$home/bin/find-java.sh"
find_java
work=$(mktemp -d "$home/bench/target/data/growth.XXXXXX")
# What the cluster that is up has given so far.
lines=$(mktemp "$home/bench/target/growth.XXXXXX")

finish() {
  local code=$?
  trap '' INT TERM
  system_down
  rmdir "$work" 2>/dev/null || true
  rm -f "$lines"
  exit $code
}
trap finish EXIT
trap 'exit 130' INT TERM

# --- measuring

# is_measured PART SYSTEM WHAT
is_measured() {
  if [ ! -e "$out" ] || ! grep '}$' "$out" | grep -F "\"part\":\"$1\"" | grep -F "\"system\":\"$2\"" | grep -qF "\"what\":\"$3\""; then
    return 1
  fi
  say "$2, $3: measured before"
}

# All that one cluster has given goes to the results, and the cluster ends.
done_with_system() {
  cat "$lines" >>"$out"
  : >"$lines"
  system_down
}

# load NAME OPTION...: on the system that is up; what it printed is in $work/NAME.out. Ends with 1 if single
# operations failed.
load() {
  local name=$1 code=0
  shift
  "$home/bench/run.sh" --target "$system" --endpoints "$endpoints" --pids "$server_pids" "$@" >"$work/$name.out" 2>&1 || code=$?
  if [ $code -gt 1 ]; then tail -n 3 "$work/$name.out" >&2; fi
  return $code
}

# level PART WHAT OPTION...: a level that counts. Operations that failed count too, as what they are.
level() {
  local part=$1 what=$2
  shift 2
  load level --seconds "$seconds" --warm-up-seconds 2 --json "$lines" --note "part=$part" --note "what=$what" \
    --note "system=$system" --note "version=$(system_version "$system")" "$@" || [ $? = 1 ]
  say "$system, $what: $(sed -n 's/^result *//p; s/^latency */ /p; s/^errors */ errors: /p' "$work/level.out" | tr '\n' ' ')"
}

# fact PART WHAT NAME NUMBER UNIT: anything else that was measured.
fact() {
  printf '{"part":"%s","system":"%s","what":"%s","fact":"%s","number":%s,"unit":"%s"}\n' "$1" "$system" "$2" "$3" "$4" "$5" >>"$lines"
  say "$system, $2: $3 $4 $5"
}

say() { printf '%s %s\n' "$(date +%T)" "$*"; }

# rss PID, and the most of it, in MiB.
rss_of() { awk '$1 == "VmRSS:" {printf "%d", $2 / 1024}' "/proc/$1/status"; }
peak_of() { awk '$1 == "VmHWM:" {printf "%d", $2 / 1024}' "/proc/$1/status"; }

disk_of() { du -m -s "$work/node$1" | cut -f1; }

now_ms() { local t=${EPOCHREALTIME/[.,]/}; printf '%s' "${t%???}"; }

# up SYSTEM: with an answer to a first put.
up() {
  system=$1
  system_up "$system"
  load first --ops 1 --warm-up 0 --in-flight 1 || die "the first put on $system failed: $(tail -n 1 "$work/first.out")"
}

# heat: puts of a few keys until the servers have compiled what they run most.
heat() {
  load heat --seconds "$heat_seconds" --warm-up 0 --in-flight 256 --keys 1000 || [ $? = 1 ]
}

# follower: the number of a node that does not lead.
follower() {
  local id leader
  leader=$(leader_of)
  for ((id = 1; id <= nodes; id++)); do
    if [ "$id" != "$leader" ]; then echo "$id"; return; fi
  done
}

leader_of() {
  case $system in
    raftkv) "$home/bin/kv-cli" --endpoints "$endpoints" status 2>/dev/null | awk '$3 == "leader" && $1 ~ /^[0-9]+$/ {print $1; exit}' ;;
    etcd)
      local id
      for ((id = 1; id <= nodes; id++)); do
        # Each member tells in its metrics whether it leads.
        if http_get "${client_ports[id - 1]}" /metrics | grep -q '^etcd_server_is_leader 1'; then echo "$id"; return; fi
      done
      ;;
  esac
}

# http_get PORT PATH: by bash alone.
http_get() (
  exec 7<>"/dev/tcp/127.0.0.1/$1"
  printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&7
  cat <&7
)

# --- the parts

# restart WHAT: kills a follower, starts it again, and waits for its first linearizable answer.
restart() {
  local what=$1 id pid asked=$work/asked.out begun_ms answered prober
  id=$(follower)
  node_kill "$id"
  : >"$asked"
  "$java" -Xmx64m -cp "$home/bench/target/bench.jar" raftkv.bench.grpc.FirstAnswer "$system" "$(node_address "$id")" >"$asked" 2>/dev/null &
  prober=$!
  until grep -q asking "$asked"; do
    kill -0 $prober 2>/dev/null || die "the prober of node $id has ended"
    sleep 0.05
  done
  begun_ms=$(now_ms)
  node_again "$id"
  wait $prober || die "node $id did not serve again"
  pid=${system_pids[id - 1]}
  fact keys "$what" "memory when it serves again" "$(rss_of "$pid")" MiB
  answered=$(tail -n 1 "$asked")
  fact keys "$what" "restart to first linearizable answer" $((answered - begun_ms)) ms
}

part_keys() {
  local count id
  for count in $key_counts; do
    for system in raftkv etcd; do
      if ! system_is_there $system; then say "left out: $system (bench/peers.sh $system)"; continue; fi
      if is_measured keys $system "$count keys"; then continue; fi
      if [ "$count" -gt 2000000 ]; then export KV_HEAP=3g ETCD_OPTS="--quota-backend-bytes 8589934592"; fi
      up $system
      level keys empty --in-flight 256 --value-bytes 64 --keys "$count"
      load fill --ops "$count" --warm-up 0 --in-flight 256 --value-bytes 64 --keys "$count" ||
        die "not all of $count keys were put: $(sed -n 's/^errors *//p' "$work/fill.out")"
      say "$system, $count keys put: $(sed -n 's/^result *//p' "$work/fill.out")"
      for ((id = 1; id <= nodes; id++)); do fact keys "$count keys put" "disk of node $id" "$(disk_of $id)" MiB; done
      level keys "$count keys" --in-flight 256 --value-bytes 64 --keys "$count"
      if [ $system = raftkv ]; then snapshot_time "$count keys"; fi
      restart "$count keys"
      for ((id = 1; id <= nodes; id++)); do
        fact keys "$count keys" "peak memory of node $id" "$(peak_of "${system_pids[id - 1]}")" MiB
        fact keys "$count keys" "disk of node $id" "$(disk_of $id)" MiB
      done
      done_with_system
      unset KV_HEAP ETCD_OPTS
    done
  done
}

snapshot_time() {
  local begun_ms
  begun_ms=$(now_ms)
  "$home/bin/kv-cli" --endpoints "$endpoints" snapshot --timeout 600s >/dev/null
  fact keys "$1" "snapshot of one node" $(($(now_ms) - begun_ms)) ms
}

# What the disk takes by itself: blocks of that size, forced one by one.
disk_alone() {
  local begun_ms blocks=$2
  begun_ms=$(now_ms)
  dd if=/dev/zero of="$work/alone" bs="$1" count="$blocks" oflag=dsync status=none
  awk -v bytes=$(($1 * blocks)) -v ms=$(($(now_ms) - begun_ms)) 'BEGIN {printf "%.1f", bytes / ms / 1000}'
  rm "$work/alone"
}

part_values() {
  local bytes in_flight
  system=disk
  if ! is_measured values disk "524288 bytes"; then
    for bytes in 1024 16384 524288; do fact values "$bytes bytes" "written and forced one by one" "$(disk_alone $bytes 400)" MB/s; done
    done_with_system
  fi
  for system in raftkv etcd; do
    if ! system_is_there $system; then continue; fi
    for bytes in 1024 16384 524288; do
      if is_measured values $system "$bytes bytes"; then continue; fi
      in_flight=$((bytes > 100000 ? 16 : 256))
      up $system
      heat
      level values "$bytes bytes" --in-flight $in_flight --value-bytes $bytes --keys $(((48 << 20) / bytes))
      fact values "$bytes bytes" "values put" \
        "$(tail -n 1 "$lines" | sed 's/.*"per_second":\([0-9.]*\).*/\1/' | awk -v bytes=$bytes '{printf "%.1f", $1 * bytes / 1e6}')" MB/s
      done_with_system
    done
  done
}

part_nodes() {
  local all=$nodes
  for nodes in 1 3 5 7; do
    if is_measured nodes raftkv "$nodes nodes"; then continue; fi
    up raftkv
    heat
    level nodes "$nodes nodes" --in-flight 256
    done_with_system
  done
  nodes=$all
}

part_connections() {
  local count
  for count in 1 10 100 1000 2000; do
    if is_measured connections raftkv "$count connections"; then continue; fi
    up raftkv
    heat
    level connections "$count connections" --operation put --in-flight $((count > 256 ? count : 256)) --connections $count --keys 1000
    for pid in "${system_pids[@]}"; do fact connections "$count connections" "memory of a node" "$(rss_of "$pid")" MiB; done
    done_with_system
  done
}

begun=$SECONDS
say "into ${out#"$home"/}"
for part in $parts; do "part_$part"; done
say "took $((SECONDS - begun)) s"
