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
#   --quick    one round of a few short levels, in three minutes, into bench/target: for a look
#
# In each round each system is started once, with fresh directories, filled with all keys, measured at
# all its levels, and killed; meanwhile no other one is up. Each level has a fresh client. The systems
# change places from round to round. Prints a line a level and tables at the end; docs/benchmarks.md
# says how to read them. The matrix takes just under an hour, the rest a quarter of one.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$home/bench/systems.sh"
run=$(date +%F)
rounds=5
seconds=16
warm_up=1.6
heat_slices=18
heat_seconds=10
systems=
rest=yes
quick=no
keys=100000
value_bytes=256

usage() { sed -n '2,18s/^# \{0,1\}//p' "$0"; }

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

# --- what is measured: "target operation in-flight rate", a line each. Many in flight come first and one
# comes last: servers that compile while they run have then seen more than a hundred thousand requests.

matrix_of() {
  local target puts="1024 256 64 1" gets="256 1"
  if [ $quick = yes ]; then puts="256 1" gets="256"; fi
  for target in $(targets_of "$1"); do
    levels "$target" get "${gets% 1}"
    levels "$target" put "$puts"
    if [ "$gets" != "${gets% 1}" ]; then levels "$target" get 1; fi
  done
  if [ "$1" = raftkv ]; then
    levels raftkv-pipeline get "1024 256"
    levels raftkv-pipeline put "1024 256"
  fi
}

rest_of() {
  local target
  if [ "$1" = echo ]; then
    levels echo put "1 16 64 256 1024"
    return
  fi
  for target in $(targets_of "$1"); do
    levels "$target" put 16
    levels "$target" get "16 64 1024"
    levels "$target" stale-get 256
    levels "$target" mixed 256
    echo "$target put 1024 2000"
  done
  if [ "$1" = raftkv ]; then levels raftkv-client put "1 64 256"; fi
}

levels() {
  local in_flight
  for in_flight in $3; do echo "$1 $2 $in_flight 0"; done
}

targets_of() { if [ "$1" = rheakv ]; then echo "rheakv rheakv-unbatched"; else echo "$1"; fi; }

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

# fill SYSTEM: all keys once; then the servers are warmed.
fill() {
  local attempt
  for attempt in 1 2; do
    if load "$1" --operation put --ops "$keys" --warm-up 0 --in-flight 256 >"$work/fill.out" 2>&1; then
      heat "$1"
      return
    fi
  done
  echo "compare.sh: $1 could not be filled:" >&2
  tail -n 5 "$work/fill.out" "$work"/node*.out >&2
  return 1
}

# heat SYSTEM: puts and gets, a slice at a time, until two slices in a row have not brought a twentieth more
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
  local cell="$3 $4 $5 $6" code=0
  load "$3" --operation "$4" --in-flight "$5" --rate "$6" --seconds "$seconds" --warm-up-seconds "$warm_up" \
    --check --json "$results/levels.jsonl" --note "part=$1" --note "round=$2" --note "cell=$cell" \
    --note "system=$system" --note "version=$version" >"$work/level.out" 2>&1 || code=$?
  count=$((count + 1))
  if [ $code -gt 1 ] && [ $code -ne 4 ]; then
    say_line "round $2  $cell: FAILED, $(tail -n 1 "$work/level.out")"
    failed=$((failed + 1))
    return
  fi
  say_line "$(printf 'round %s  %-17s %-9s %5s  %8.0f/s  p50 %8.3f  p99 %8.3f ms  server cpu %6.3f s/10k  errors %s  sample %s' \
    "$2" "$3" "$4" "$([ "$6" = 0 ] && echo "$5" || echo "@$6")" "$(field per_second)" \
    "$(awk "BEGIN {print $(field p50_us) / 1000}")" "$(awk "BEGIN {print $(field p99_us) / 1000}")" \
    "$(field server_cpu_s_per_10k)" "$(field errors)" "$(field verdict)")"
  if [ $code -eq 4 ]; then failed=$((failed + 1)); fi
}

say_line() { printf '%s [%3d/%d] %s\n' "$(date +%T)" "$count" "$total" "$*"; }

# measure_system PART ROUND SYSTEM: what is missing of it.
measure_system() {
  local part=$1 round=$2 level todo
  system=$3
  todo=$("${part}_of" "$system" | missing "$part" "$round")
  if [ -z "$todo" ]; then return; fi
  version=$(system_version "$system")
  system_up "$system"
  if [ "$system" = echo ] || fill "$system"; then
    while read -r level; do
      # shellcheck disable=SC2086 # four words
      measure "$part" "$round" $level
    done <<<"$todo"
  else
    failed=$((failed + 1))
  fi
  system_down
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
  system_down
  rmdir "$work" 2>/dev/null || true
  exit $code
}

# --- the run

if [ -z "$systems" ]; then
  for system in raftkv etcd zookeeper rheakv; do
    if system_is_there "$system"; then systems="$systems $system"; else echo "left out: $system (bench/peers.sh $system)"; fi
  done
fi
"$home/bench/run.sh" --help >/dev/null
mkdir -p "$results" "$home/bench/target/data"
work=$(mktemp -d "$home/bench/target/data/compare.XXXXXX")
trap finish EXIT
trap 'exit 130' INT TERM

begun=$SECONDS count=0 failed=0 total=0
todo=$(
  for ((round = 1; round <= rounds; round++)); do
    for system in $systems; do matrix_of "$system" | missing matrix "$round"; done
  done
  if [ $rest = yes ]; then for system in $systems echo; do rest_of "$system" | missing rest 1; done; fi
)
if [ -n "$todo" ]; then total=$(wc -l <<<"$todo"); fi
echo "$total levels of $seconds s, about $(((total * (seconds + 3) + rounds * 180) / 60)) minutes, into ${results#"$home"/}"
for system in $systems; do
  version=$(system_version "$system" || true)
  [ -n "$version" ] || die "$system does not say its version: is ${ETCD_BIN:-what bench/peers.sh got} that program?"
  echo "$system $version"
done

for ((round = 1; round <= rounds; round++)); do
  # shellcheck disable=SC2086 # a list of words
  for system in $(rotated $((round - 1)) $systems); do measure_system matrix "$round" "$system"; done
done
if [ $rest = yes ]; then
  for system in $systems echo; do measure_system rest 1 "$system"; done
fi

"$home/bench/report.sh" "$results"
echo "took $((SECONDS - begun)) s, $failed levels failed"
if [ $failed -gt 0 ]; then exit 1; fi
