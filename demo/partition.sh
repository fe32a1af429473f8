#!/usr/bin/env bash
# Nodes cut off from the others: a follower, then the leader, by a cut network and by SIGSTOP.
#
#   demo/partition.sh [--keep]
#
#   --keep    keep the directory with logs and data
#
# Every node has a network namespace of its own, with a cable to a common switch that can be pulled.
# All of it lives in a namespace that vanishes at the end: nothing is changed on this machine, and no
# port of it is used. Needs Linux with iproute2 and unshare, and either root or user namespaces.
#
# Each step checks what it claims and ends with a code that is not zero otherwise. What was shown is
# left in demo_partition.log in the current directory.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
keep=no

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

arguments=("$@")
inside=no
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=yes ;;
    --inside) inside=yes ;;
    -h | --help) usage; exit 0 ;;
    *) echo "partition.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done

. "$home/demo/lib.sh"
work=

if [ $inside = no ]; then
  build_if_missing
  for tool in unshare ip; do
    command -v $tool >/dev/null || { echo "partition.sh: needs $tool (util-linux, iproute2)" >&2; exit 2; }
  done
  if [ "$(id -u)" = 0 ]; then own=(unshare --net --mount); else own=(unshare --user --map-root-user --net --mount); fi
  if ! "${own[@]}" ip link add kvprobe type bridge 2>/dev/null; then
    echo "partition.sh: this machine gives no network namespaces here; run it as root, or allow user" >&2
    echo "  namespaces. 'mvn verify' tests the same with stopped processes (ReplicationIT)." >&2
    exit 2
  fi
  exec "${own[@]}" "$0" --inside "${arguments[@]}"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/kv-partition.XXXXXX")

finish() {
  local code=$?
  trap '' INT TERM
  cluster_stop
  clear_work
  exit $code
}
trap finish EXIT
trap 'exit 130' INT TERM

# --- cables, and what lib.sh does with processes of one machine

address() { printf '10.77.0.%s' "$1"; }

lay_cables() {
  local id
  # Names of namespaces are files below /run/netns: in a directory of our own.
  mount -t tmpfs none /run
  mkdir -p /run/netns
  ip link set lo up
  ip link add switch type bridge
  ip addr add "$(address 254)/24" dev switch
  ip link set switch up
  for ((id = 1; id <= nodes; id++)); do
    ip netns add "node$id"
    ip link add "cable$id" type veth peer name eth0 netns "node$id"
    ip link set "cable$id" master switch up
    ip -n "node$id" link set lo up
    ip -n "node$id" addr add "$(address "$id")/24" dev eth0
    ip -n "node$id" link set eth0 up
  done
}

choose_ports() {
  local id
  for ((id = 1; id <= nodes; id++)); do ports[id]=$((9000 + id)); done
}

node_start() {
  local id all=
  for ((id = 1; id <= nodes; id++)); do all=$all,$id=$(address "$id"):${ports[id]}; done
  ip netns exec "node$1" "$home/bin/kv-server" --id "$1" --port "${ports[$1]}" \
    --listen "$(address "$1")" --peers "${all#,}" --data-dir "$work/node$1" \
    >>"$work/node$1.out" 2>&1 </dev/null &
  pids[$1]=$!
}

at() {
  local id=$1
  shift
  "$home/bin/kv-cli" --endpoints "$(address "$id"):${ports[$id]}" "$@"
}

# beside ID COMMAND...: from the node's own machine, on its side of the cut.
beside() {
  local id=$1
  shift
  ip netns exec "node$id" "$home/bin/kv-cli" --endpoints "$(address "$id"):${ports[$id]}" "$@"
}

# cut HOW ID, heal HOW ID
cut() {
  cut_at=$(now_ms)
  if [ "$1" = network ]; then ip link set "cable$2" nomaster; else node_signal "$2" STOP; fi
}

heal() {
  if [ "$1" = network ]; then ip link set "cable$2" master switch; else node_signal "$2" CONT; fi
}

in_words() { if [ "$1" = network ]; then printf 'its cable is pulled'; else printf 'it is stopped by SIGSTOP'; fi; }

# put_hundred NAME ID: 100 keys of that name, by that node.
put_hundred() {
  seq 1 100 | sed "s/.*/$1& value&/" | at "$2" put --from - | tail -n 1 | quote
  expected=$((expected + 100))
}

# A node that is cut off gives no answer that it cannot be sure of. Asked beside it, in both ways.
check_refuses() {
  local code answer
  code=0
  answer=$(beside "$1" get witness --timeout 1s 2>&1) || code=$?
  check "exit code of a read on node $1's side (3: unavailable)" "$code" 3
  quote <<<"$answer"
  code=0
  answer=$(beside "$1" put witness lost --timeout 1s 2>&1) || code=$?
  quote <<<"$answer"
  case $code in
    3 | 4) say "  ok: a write on its side is not acknowledged (exit code $code)" ;;
    *) fail "a write on the side of node $1 ended with code $code" ;;
  esac
}

check_caught_up() {
  await_healthy
  cli status | quote
  check "keys on node $1" "$(at "$1" count)" "$expected"
  check_hashes
}

# --- the story

expected=0

start() {
  step_log=$PWD/demo_partition.log
  : >"$step_log"
  say "== three nodes, each behind a cable of its own"
  lay_cables
  choose_ports
  KV_ENDPOINTS=$(address 1):${ports[1]},$(address 2):${ports[2]},$(address 3):${ports[3]}
  export KV_ENDPOINTS
  local id
  for ((id = 1; id <= nodes; id++)); do node_start "$id"; done
  await_leader 60s >/dev/null
  await_healthy
  cli status | quote
  cli put witness before | quote
  expected=1
}

follower_cut_off() {
  local how=$1 leader follower
  leader=$(await_leader)
  follower=$(others_of "$leader" | sed -n 1p)
  say ""
  say "== a follower is cut off: node $follower, $(in_words "$how")"
  cut "$how" "$follower"
  put_hundred "$how-follower" "$leader"
  if [ "$how" = network ]; then
    check "keys that node $follower knows, by a stale count on its side" \
      "$(beside "$follower" count --consistency stale)" $((expected - 100))
    check_refuses_read "$follower"
  fi
  heal "$how" "$follower"
  check_caught_up "$follower"
  leader_after=$(await_leader)
  say "  node $leader led before, node $leader_after leads now"
}

check_refuses_read() {
  local code=0 answer
  answer=$(beside "$1" get witness --timeout 1s 2>&1) || code=$?
  quote <<<"$answer"
  check "exit code of a linearizable read on its side (3: unavailable)" "$code" 3
}

leader_cut_off() {
  local how=$1 old successor reader before after
  cli put witness "before-$how" | quote
  old=$(await_leader)
  before=$(status_of "$old" term)
  say ""
  say "== the leader is cut off: node $old of term $before, $(in_words "$how")"
  cut "$how" "$old"
  beside "$old" get witness --timeout 60s >"$work/waiting" 2>&1 &
  reader=$!
  # shellcheck disable=SC2046 # a list of nodes
  wait_until 10 "a new leader's line" has_line "$cut_at" "elected leader for term" $(others_of "$old")
  # shellcheck disable=SC2046
  elected=$(first_line "$cut_at" "elected leader for term" $(others_of "$old"))
  say "  $elected"
  say "  a new leader $(millis_until "$cut_at" "$elected") ms after the cut"
  successor=$(sed 's/^node \([0-9]*\):.*/\1/' <<<"$elected")
  at "$successor" put witness "after-$how" | quote
  put_hundred "$how-leader" "$successor"
  if [ "$how" = network ]; then
    wait_until 10 "the old leader stepping down" has_line "$cut_at" "stepping down" "$old"
    say "  $(first_line "$cut_at" "stepping down" "$old")"
    check_refuses "$old"
  fi
  heal "$how" "$old"
  wait "$reader" || true
  say "healed; the read that had waited on the old leader's side gave: $(cat "$work/waiting")"
  if grep -q "before-$how" "$work/waiting"; then fail "node $old served a stale read"; fi
  say "  ok: no stale read"
  check_caught_up "$old"
  story_since "$old" "$cut_at" 6 | quote
  has_line "$cut_at" "stepping down" "$old" || fail "node $old did not say that it steps down"
  has_line "$cut_at" "following leader" "$old" || fail "node $old did not say whom it follows"
  say "  ok: node $old stepped down and followed the new leader"
  after=$(status_of "$old" term)
  if [ "$after" -le "$before" ]; then fail "term $after is not above $before"; fi
  say "  ok: term rose from $before to $after"
}

start
for how in network stop; do
  follower_cut_off $how
  leader_cut_off $how
done
printf '\nAll claims hold: %s keys, equal on three nodes.\n' "$expected"
