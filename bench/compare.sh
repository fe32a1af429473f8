#!/usr/bin/env bash
# This system and its peers side by side, on this machine, in turn.
#
#   bench/compare.sh [--run NAME] [--rounds N] [--seconds N] [--systems LIST] [--no-rest] [--quick]
#
#   --run      where results go: bench/results/NAME (default: today's date). A level that stands there
#              is not measured again, so a run that was broken off goes on when it is called again.
#   --rounds   how often each level is measured (default 5)
#   --seconds  how long each level lasts, after a warm-up of 1.6 s (default 16)
#   --systems  of raftkv, etcd, zookeeper, rheakv and echo; default: those that bench/peers.sh has got
#   --no-rest  only the matrix, not what is measured once: stale gets, mixed, at a fixed rate, echo
#   --quick    one round of a few short levels, in four minutes, into bench/target: for a look
#
# In each round all systems are started once, with fresh directories, filled with all keys and warmed.
# Then level by level one after the other is measured, and all are killed: on a machine whose speed changes
# from one minute to the next, what is compared has to be measured within minutes. Those that are not
# measured have no load. Each level has a fresh client. The systems change places from round to round.
# Prints a line a level and tables at the end; docs/benchmarks.md says how to read them. The matrix takes
# an hour and a half, the rest a quarter of one.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$home/bench/systems.sh"
run=$(date +%F)
rounds=5
seconds=16
warm_up=1.6
heat_slices=18
heat_seconds=8
systems=
rest=yes
quick=no
keys=100000
value_bytes=256

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

die() {
  echo "compare.sh: $*" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --run) run=${2:?}; shift ;;
    --rounds) rounds=${2:?}; shift ;;
    --seconds) seconds=${2:?}; shift ;;
    --systems) systems=${2//,/ }; shift ;;
    --no-rest) rest=no ;;
    --quick) quick=yes ;;
    -h | --help) usage; exit 0 ;;
    *) die "unknown option '$1'; see --help" ;;
  esac
  shift
done
case $rounds$seconds in *[!0-9]*) die "--rounds and --seconds take whole numbers" ;; esac
results=$home/bench/results/$run
if [ $quick = yes ]; then
  rounds=1 seconds=3 warm_up=1 heat_slices=1 heat_seconds=3 rest=no
  results=$home/bench/target/results/quick-$(date +%H%M%S)
fi

# --- what is measured: "target operation in-flight rate", a line each

# matrix_of SYSTEM...: many in flight come first and one comes last: servers that compile while they run
# have then seen more than a hundred thousand requests.
matrix_of() {
  local level
  if [ $quick = yes ]; then
    for level in "get 256" "put 256" "put 1"; do turn "$level" "$@"; done
    return
  fi
  for level in "get 1024" "get 256" "put 1024" "put 256" "put 64" "put 1" "get 1"; do turn "$level" "$@"; done
}

# turn "OPERATION IN-FLIGHT" SYSTEM...: that level, of each system with all its targets.
turn() {
  local system target
  for system in "${@:2}"; do
    for target in $(targets_of "$system"); do
      case "$target $1" in
        raftkv-pipeline*" 1" | raftkv-pipeline*" 64") ;;
        raftkv-pipeline*) echo "$target $1 0" ;;
        *"get 1024") ;;
        *) echo "$target $1 0" ;;
      esac
    done
  done
}

# rest_of SYSTEM...
rest_of() {
  local level system target
  for level in "get 1024 0" "get 64 0" "get 16 0" "put 16 0" "stale-get 256 0" "mixed 256 0" "put 1024 2000"; do
    for system in "$@"; do
      for target in $(targets_of "$system"); do
        if [ "$target" != raftkv-pipeline ]; then echo "$target $level"; fi
      done
    done
  done
  case " $* " in *" raftkv "*) for level in 256 64 1; do echo "raftkv-client put $level 0"; done ;; esac
  for level in 1024 256 64 16 1; do echo "echo put $level 0"; done
}

targets_of() {
  case $1 in
    raftkv) echo raftkv raftkv-pipeline ;;
    rheakv) echo rheakv rheakv-unbatched ;;
    *) echo "$1" ;;
  esac
}

system_of() { echo "${1%%-*}"; }

# --- measuring

# Half a line, of a run that was broken off, is no result: the tables leave it out.
is_done() { grep -q "\"part\":\"$1\",\"round\":\"$2\",\"cell\":\"$3\".*}\$" "$results/levels.jsonl" 2>/dev/null; }

# missing PART ROUND: of the levels on standard input, those without a result.
missing() {
  local level
  while read -r level; do
    if ! is_done "$1" "$2" "$level"; then echo "$level"; fi
  done
}

peer_of() { case $1 in zookeeper) echo zookeeper ;; rheakv*) echo rheakv ;; esac }

# load TARGET OPTION...
load() {
  local target=$1
  shift
  BENCH_PEER=$(peer_of "$target") BENCH_JAVA_OPTS=$(case $target in rheakv*) echo $(rheakv_java_opts) ;; esac) \
    timeout 180 "$home/bench/run.sh" --target "$target" --endpoints "$endpoints" --pids "$server_pids" \
    --keys "$keys" --value-bytes "$value_bytes" "$@"
}

# fill SYSTEM: all keys once; then the servers are warmed by each way in which they will be asked.
fill() {
  local attempt target
  if [ "$1" = echo ]; then return; fi
  for attempt in 1 2; do
    if load "$1" --operation put --ops "$keys" --warm-up 0 --in-flight 256 >"$work/fill.out" 2>&1; then
      for target in $(targets_of "$1"); do heat "$target"; done
      return
    fi
  done
  echo "compare.sh: $1 could not be filled:" >&2
  tail -n 5 "$work/fill.out" "$work"/node*.out >&2
  return 1
}

# heat TARGET: puts and gets, a slice at a time, until two slices in a row have not brought a twentieth more
# than any before them. How long a Java system needs until it has compiled depends on the machine.
heat() {
  local slice rate best=0 flat=0
  for ((slice = 0; slice < heat_slices && flat < 2; slice++)); do
    load "$1" --operation mixed --seconds "$heat_seconds" --warm-up 0 --in-flight 256 \
      --json "$work/heat.jsonl" >"$work/heat.out" 2>&1 || true
    rate=$(field per_second "$work/heat.jsonl" 2>/dev/null || true)
    if awk "BEGIN {exit !(${rate:-0} > 1.05 * $best)}"; then
      best=$rate flat=0
    else
      flat=$((flat + 1))
    fi
  done
  say_line "$1 is warm after $((slice * heat_seconds)) s"
}

# field NAME [FILE]: of its last line.
field() { sed -n "\$s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" "${2:-$results/levels.jsonl}"; }

# measure PART ROUND TARGET OPERATION IN-FLIGHT RATE
measure() {
  local cell="$3 $4 $5 $6" code=0 system
  system=$(system_of "$3")
  load "$3" --operation "$4" --in-flight "$5" --rate "$6" --seconds "$seconds" --warm-up-seconds "$warm_up" \
    --check --json "$results/levels.jsonl" --note "part=$1" --note "round=$2" --note "cell=$cell" \
    --note "system=$system" --note "version=$(system_version "$system")" >"$work/level.out" 2>&1 || code=$?
  count=$((count + 1))
  if [ $code -gt 1 ] && [ $code -ne 4 ]; then
    say_line "round $2  $cell: FAILED, $(tail -n 1 "$work/level.out")"
    failed=$((failed + 1))
    return
  fi
  say_line "$(printf 'round %s  %-17s %-9s %5s  %8.0f/s  p50 %8.3f  p99 %8.3f ms  server cpu %6.3f s/10k  errors %s  sample %s  speed %s' \
    "$2" "$3" "$4" "$([ "$6" = 0 ] && echo "$5" || echo "@$6")" "$(field per_second)" \
    "$(awk "BEGIN {print $(field p50_us) / 1000}")" "$(awk "BEGIN {print $(field p99_us) / 1000}")" \
    "$(field server_cpu_s_per_10k)" "$(field errors)" "$(field verdict)" "$(field machine_speed)")"
  if [ $code -eq 4 ]; then failed=$((failed + 1)); fi
}

say_line() { printf '%s [%3d/%d] %s\n' "$(date +%T)" "$count" "$total" "$*"; }

# bring_up SYSTEM: with all its keys, and warm.
bring_up() {
  work=$root/$1
  mkdir "$work"
  system_up "$1"
  endpoints_of[$1]=$endpoints
  pids_of[$1]=$server_pids
  if fill "$1"; then is_up[$1]=yes; fi
}

# turn_to SYSTEM: the one that systems.sh speaks of.
turn_to() {
  work=$root/$1 endpoints=${endpoints_of[$1]} server_pids=${pids_of[$1]}
  IFS=, read -r -a system_pids <<<"$server_pids"
}

# Kills whatever is up.
all_down() {
  local one
  system_down
  for one in "${!pids_of[@]}"; do
    turn_to "$one"
    system_down
  done
  find "$root" -mindepth 1 -delete
  endpoints_of=() pids_of=() is_up=()
}

# measure_part PART ROUND SYSTEM...: what is missing of it.
measure_part() {
  local part=$1 round=$2 one level todo
  todo=$("${part}_of" "${@:3}" | missing "$part" "$round")
  if [ -z "$todo" ]; then return; fi
  for one in $(cut -d ' ' -f 1 <<<"$todo" | while read -r level; do system_of "$level"; done | awk '!seen[$0]++'); do
    bring_up "$one"
  done
  while read -r level; do
    one=$(system_of "${level%% *}")
    if [ -z "${is_up[$one]:-}" ]; then
      count=$((count + 1)) failed=$((failed + 1))
      continue
    fi
    turn_to "$one"
    # shellcheck disable=SC2086 # four words
    measure "$part" "$round" $level
  done <<<"$todo"
  all_down
}

# rotated N WORD...: the words, beginning with the N-th.
rotated() {
  local n=$1
  shift
  local words=("$@")
  echo "${words[@]:n % $#}" "${words[@]:0:n % $#}"
}

finish() {
  local code=$?
  trap '' INT TERM
  all_down
  rmdir "$root" 2>/dev/null || true
  exit $code
}

# --- the run

declare -A endpoints_of=() pids_of=() is_up=()

if [ -z "$systems" ]; then
  for system in raftkv etcd zookeeper rheakv; do
    if system_is_there "$system"; then systems="$systems $system"; else echo "left out: $system (bench/peers.sh $system)"; fi
  done
fi
"$home/bench/run.sh" --help >/dev/null
mkdir -p "$results" "$home/bench/target/data"
root=$(mktemp -d "$home/bench/target/data/compare.XXXXXX")
trap finish EXIT
trap 'exit 130' INT TERM

begun=$SECONDS count=0 failed=0 total=0
todo=$(
  # shellcheck disable=SC2086 # a list of words
  for ((round = 1; round <= rounds; round++)); do matrix_of $systems | missing matrix "$round"; done
  # shellcheck disable=SC2086
  if [ $rest = yes ]; then rest_of $systems | missing rest 1; fi
)
if [ -n "$todo" ]; then total=$(wc -l <<<"$todo"); fi
echo "$total levels of $seconds s, about $(((total * (seconds + 3) + rounds * 390) / 60)) minutes, into ${results#"$home"/}"
for system in $systems; do
  version=$(system_version "$system" || true)
  [ -n "$version" ] || die "$system does not say its version: is ${ETCD_BIN:-what bench/peers.sh got} that program?"
  echo "$system $version"
done

for ((round = 1; round <= rounds; round++)); do
  # shellcheck disable=SC2086 # a list of words
  measure_part matrix "$round" $(rotated $((round - 1)) $systems)
done
# shellcheck disable=SC2086 # a list of words
if [ $rest = yes ]; then measure_part rest 1 $systems; fi

"$home/bench/report.sh" "$results"
echo "took $((SECONDS - begun)) s, $failed levels failed"
if [ $failed -gt 0 ]; then exit 1; fi
