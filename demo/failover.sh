#!/usr/bin/env bash
# The demonstration: three real nodes, their leader killed, and what becomes of the data.
#
#   demo/failover.sh [--signal KILL|TERM] [--docker] [--keep]
#
#   --signal  how the leader's process is ended in step 2 (default KILL)
#   --docker  in containers, by docker compose, instead of processes of this machine
#   --keep    keep the directory with logs and data
#
# Each step checks what it claims; the first claim that does not hold ends it with a code that is not
# zero. What was shown is left in demo_step1.log to demo_step6.log in the current directory.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
signal=KILL
docker=no
keep=no

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --signal) signal=${2:-}; shift ;;
    --signal=*) signal=${1#*=} ;;
    --docker) docker=yes ;;
    --keep) keep=yes ;;
    -h | --help) usage; exit 0 ;;
    *) echo "failover.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done
case $signal in
  KILL | TERM) ;;
  *) echo "failover.sh: --signal is KILL or TERM, not '$signal'" >&2; exit 2 ;;
esac

work=$(mktemp -d "${TMPDIR:-/tmp}/kv-demo.XXXXXX")
. "$home/demo/lib.sh"
if [ $docker = yes ]; then . "$home/demo/docker.sh"; fi

finish() {
  local code=$?
  trap '' INT TERM
  cluster_stop
  clear_work
  exit $code
}
trap finish EXIT
trap 'exit 130' INT TERM

detection_limit=300
election_limit=500

# end_leader HOW ID: sets killed_at, the moment in milliseconds at which the signal was sent.
end_leader() {
  killed_at=$(now_ms)
  if [ "$1" = HANG ]; then node_signal "$2" STOP; else node_signal "$2" "$1"; fi
  killed_at=$(signal_time "$2" "$killed_at")
}

signal_time() { printf '%s' "$2"; }
if [ $docker = yes ]; then signal_time() { docker_signal_time "$@"; }; fi

# watch_failover HOW ID: waits until the others have noticed and elected, and says how long it took.
# Sets detection and election (milliseconds), detected and elected (the lines).
watch_failover() {
  local how=$1 dead=$2 followers pattern
  followers=$(others_of "$dead")
  case $how in
    HANG) pattern="heartbeat timeout: no message from leader $dead" ;;
    KILL) pattern="connection to leader $dead lost|heartbeat timeout: no message from leader $dead" ;;
    TERM) pattern="leader $dead handed over leadership" ;;
  esac
  # shellcheck disable=SC2086 # a list of nodes
  wait_until 10 "a follower's line on its leader" has_line "$killed_at" "$pattern" $followers
  # shellcheck disable=SC2086
  wait_until 10 "a new leader's line" has_line "$killed_at" "elected leader for term" $followers
  # shellcheck disable=SC2086
  detected=$(first_line "$killed_at" "$pattern" $followers)
  # shellcheck disable=SC2086
  elected=$(first_line "$killed_at" "elected leader for term" $followers)
  detection=$(millis_until "$killed_at" "$detected")
  election=$(millis_until "$killed_at" "$elected")
}

tell_followers() {
  local id
  for id in $(others_of "$1"); do
    say "log of follower $id after $(stamp_of_ms "$killed_at"):"
    story_since "$id" "$killed_at" | quote
  done
}

step1() {
  title 1 "three nodes, 50 keys"
  build_if_missing
  if [ $docker = yes ]; then build_image; fi
  choose_ports
  KV_ENDPOINTS=localhost:${ports[1]},localhost:${ports[2]},localhost:${ports[3]}
  export KV_ENDPOINTS
  local id
  for ((id = 1; id <= nodes; id++)); do node_start "$id"; done
  old=$(await_leader 60s)
  await_healthy
  cli status | quote
  say "node $old leads; key1..key50 are written to it (port ${ports[$old]})"
  at "$old" put key1 value1 --client-id demo --seq 1 2>/dev/null | quote
  first_index=$(at "$old" get key1 -o json | json_number mod_index)
  for id in 2 3 4 5; do at "$old" put "key$id" "value$id" | quote; done
  pairs 6 50 | at "$old" put --from - | tail -n 1 | quote
  for ((id = 1; id <= nodes; id++)); do
    check_keys "$id" 1 50
    check "keys on node $id" "$(at "$id" count)" 50
  done
  check_hashes
  say "50 keys are stored on the leader and replicated to both followers"
}

# json_number FIELD: that field of the object on stdin.
json_number() { sed -n "s/.*\"$1\": *\"\{0,1\}\([0-9]*\).*/\1/p"; }

step2() {
  title 2 "the leader is killed"
  say "-- a leader that hangs: SIGSTOP, then SIGKILL. Its connections stay open, so only the silence"
  say "   tells: the followers' election timeout of 150 to 300 ms."
  local hung
  hung=$(await_leader)
  end_leader HANG "$hung"
  watch_failover HANG "$hung"
  node_signal "$hung" KILL
  node_wait "$hung" || true
  say "leader $hung stopped at $(stamp_of_ms "$killed_at") by SIGSTOP, then killed by SIGKILL"
  tell_followers "$hung"
  say "  $detected"
  check_at_most "heartbeat timeout detected after SIGSTOP" "$detection" $detection_limit
  say "  new leader after $election ms"
  hang_detection=$detection
  hang_election=$election
  node_start "$hung"
  await_leader >/dev/null
  await_healthy
  check_keys "$hung" 1 50

  old=$(await_leader)
  old_term=$(status_of "$old" term)
  say "-- a leader whose process ends: SIG$signal to node $old, which leads term $old_term"
  end_leader $signal "$old"
  watch_failover $signal "$old"
  node_wait "$old" && code=0 || code=$?
  if [ $signal = TERM ] && [ $docker = no ]; then check "exit code of the leader" "$code" 0; fi
  say "leader $old killed at $(stamp_of_ms "$killed_at") by SIG$signal; its process is gone"
  tell_followers "$old"
  say "  $detected"
  check_at_most "leader's end detected after SIG$signal" "$detection" $detection_limit
}

# survivors_agree ID ID: one leads and the other follows it. Sets new and follower.
survivors_agree() {
  new=$(leader)
  if [ "$new" = "$1" ]; then follower=$2; else follower=$1; fi
  follows "$follower" "$new"
}

step3() {
  title 3 "a new leader"
  say "$elected"
  await_leader >/dev/null
  # Whoever was elected: the other survivor has to follow it.
  # shellcheck disable=SC2046 # a list of nodes
  wait_until 10 "the survivors to agree on a leader" survivors_agree $(others_of "$old")
  if [ "$new" = "$old" ]; then fail "node $old is said to lead, but it was killed"; fi
  new_term=$(status_of "$new" term)
  story_since "$new" "$killed_at" | quote
  check "role of node $new" "$(status_of "$new" role)" leader
  check "leader that node $follower follows" "$(status_of "$follower" leader)" "$new"
  if [ "$new_term" -le "$old_term" ]; then fail "term $new_term is not above $old_term"; fi
  say "  ok: term rose from $old_term to $new_term"
  check_at_most "new leader elected after the kill" "$election" $election_limit
  say "node $new was elected new leader for term $new_term; no process of ours had to help"
}

step4() {
  title 4 "writes go to the new leader"
  local id
  say "key51..key100 are written to node $new, the new leader (port ${ports[$new]})"
  for id in 51 52 53 54 55; do at "$new" put "key$id" "value$id" | quote; done
  pairs 56 100 | at "$new" put --from - | tail -n 1 | quote
  check_keys "$new" 1 100
  check_keys "$follower" 1 100
  check "keys on node $new" "$(at "$new" count)" 100
  check "keys on node $follower" "$(at "$follower" count)" 100
  if [ $docker = yes ]; then
    check "key100 by kv-cli inside of the follower's container" \
      "$(compose exec -T "node$follower" kv-cli --port "${ports[$follower]}" get key100)" value100
  fi
  say "key1..key100 are stored on the new leader and replicated to the surviving follower, node $follower"
}

step5() {
  title 5 "a repeated request takes effect once"
  local answer index
  say "the write of key1 is sent again, with the same client id and sequence number, to node $new:"
  answer=$(at "$new" put key1 value1 --client-id demo --seq 1 -o json 2>/dev/null)
  quote <<<"$answer"
  check "answered from the cache" "$(grep -c '"deduplicated": *true' <<<"$answer")" 1
  check "log index of the first write" "$(json_number mod_index <<<"$answer")" "$first_index"
  index=$(at "$new" get key1 -o json | json_number mod_index)
  check "log index of key1 now" "$index" "$first_index"
  check "key1" "$(at "$new" get key1)" value1

  say "a later write of the same client, then the earlier one once more:"
  at "$new" put slot first --client-id demo --seq 2 2>/dev/null | quote
  at "$new" put slot second --client-id demo --seq 3 2>/dev/null | quote
  at "$new" put slot first --client-id demo --seq 2 2>/dev/null | quote
  check "slot" "$(at "$new" get slot)" second
  at "$new" del slot | quote
}

step6() {
  title 6 "the old leader comes back"
  local back
  back=$(now_ms)
  node_start "$old"
  await_healthy
  # A busy machine may have changed the leader once more since step 3.
  wait_until 10 "node $old to follow a leader" settled "$old"
  new=$now_leads
  new_term=$(status_of "$new" term)
  cli status | quote
  story_since "$old" "$back" | quote
  if [ "$new_term" -le "$old_term" ]; then fail "term $new_term is not above $old_term"; fi
  check "leader that node $old follows" "$(status_of "$old" leader)" "$new"
  check "role of node $old" "$(status_of "$old" role)" follower
  check "term of node $old" "$(status_of "$old" term)" "$(status_of "$new" term)"
  check_keys "$old" 1 100
  check_hashes
  say "node $old rejoined as a follower of term $new_term and caught up"
}

step6b() {
  say ""
  say "-- step 6b: a leader is stopped (SIGSTOP) and continued"
  local stopped successor reader answer
  stopped=$(await_leader)
  at "$stopped" put witness before | quote
  stopped_at=$(now_ms)
  node_signal "$stopped" STOP
  say "node $stopped is stopped; a read is sent to it and waits"
  at "$stopped" --timeout 20s get witness >"$work/stale" 2>&1 &
  reader=$!
  # shellcheck disable=SC2046 # a list of nodes
  wait_until 10 "a new leader's line" has_line "$stopped_at" "elected leader for term" $(others_of "$stopped")
  # shellcheck disable=SC2046
  successor=$(first_line "$stopped_at" "elected leader for term" $(others_of "$stopped") | sed 's/^node \([0-9]*\):.*/\1/')
  at "$successor" put witness after | quote
  node_signal "$stopped" CONT
  wait "$reader" || true
  answer=$(cat "$work/stale")
  say "continued, node $stopped answered the read that had waited: $answer"
  case $answer in
    *before*) fail "node $stopped served a stale read" ;;
    after) say "  ok: no stale read: it answered what the new leader had stored" ;;
    *) say "  ok: no stale read: it gave no value" ;;
  esac
  await_healthy
  story_since "$stopped" "$stopped_at" 4 | quote
  has_line "$stopped_at" "stepping down" "$stopped" || fail "node $stopped did not say that it steps down"
  has_line "$stopped_at" "following leader" "$stopped" || fail "node $stopped did not say whom it follows"
  say "  ok: node $stopped saw the higher term, stepped down and follows"
  wait_until 10 "node $stopped to follow a leader" settled "$stopped"
  check "term of node $stopped" "$(status_of "$stopped" term)" "$(status_of "$now_leads" term)"
  check "witness read from node $stopped" "$(at "$stopped" get witness)" after
  at "$successor" del witness | quote
  check "keys" "$(at "$successor" count)" 100
  check_hashes
}

step1
step2
step3
step4
step5
step6
step6b

printf '\nAll steps hold. '
printf 'Hung leader: noticed after %s ms, replaced after %s ms. SIG%s: noticed after %s ms, replaced after %s ms.\n' \
  "$hang_detection" "$hang_election" $signal "$detection" "$election"
