#!/usr/bin/env bash
# Where the leader's time and memory go under load: three nodes on this machine, a flight recording of
# the one that leads, and its hottest places.
#
#   bench/profile.sh [--in-flight N] [--ops N] [--warm-up N] [--places N] [--node leader|follower]
#                    [--out FILE] [-- OPTION...]
#   bench/profile.sh --read FILE [--places N]
#
#   --in-flight  puts under way (default 256)
#   --ops        puts while it records (default 300000); 20,000 more, which warm the client and are not in
#                the rate, are recorded and counted too
#   --warm-up    puts before (default 600000)
#   --places     lines of each kind (default 10)
#   --node       which one is recorded (default the leader)
#   --out        where the report goes as well (default bench/target/profile.txt; the recording is put
#                beside it, for jfr and JDK Mission Control)
#   --read       prints the report of a recording that is there
#   --           what follows goes to bench/run.sh, such as another load
#
# Takes about a minute. By hand the same is
#   jcmd PID JFR.start name=profile settings=bench/profile.jfc
#   jcmd PID JFR.stop name=profile filename=FILE
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
in_flight=256
ops=300000
warm_up=600000
places=10
node=leader
out=
read_only=
keys=100000
value_bytes=256
load=()

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --in-flight) in_flight=${2:-}; shift ;;
    --ops) ops=${2:-}; shift ;;
    --warm-up) warm_up=${2:-}; shift ;;
    --places) places=${2:-}; shift ;;
    --node) node=${2:-}; shift ;;
    --out) out=${2:-}; shift ;;
    --read) read_only=${2:-}; shift ;;
    --) shift; load=("$@"); break ;;
    -h | --help) usage; exit 0 ;;
    *) echo "profile.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done
for number in "$in_flight" "$ops" "$warm_up" "$places"; do
  case $number in
    '' | *[!0-9]* | 0) echo "profile.sh: '$number' is no number above 0" >&2; exit 2 ;;
  esac
done
case $node in
  leader | follower) ;;
  *) echo "profile.sh: --node is leader or follower, not '$node'" >&2; exit 2 ;;
esac

. "$home/bin/find-java.sh"
find_java
find_jar bench
report() { "$java" -cp "$jar" raftkv.bench.profile.ProfileReport "$1" "$places"; }

if [ -n "$read_only" ]; then
  report "$read_only"
  exit
fi

jcmd=${java_real%/bin/java}/bin/jcmd
[ -x "$jcmd" ] || jcmd=$(command -v jcmd) || die "no jcmd found: it comes with a JDK, not with a JRE"
out=$(realpath -m "${out:-$home/bench/target/profile.txt}")
mkdir -p "$(dirname "$out")"

# Samples name the line where the time went, not the next safe point.
export KV_JAVA_OPTS="${KV_JAVA_OPTS:-} -XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints"
. "$home/bench/lib.sh"
begin profile

# thread_times PID: name and clock ticks of each thread, the collector's and the compiler's as well.
thread_times() {
  local task
  for task in /proc/"$1"/task/*; do
    echo "$(sed 's/[ #0-9]*$//; s/ /_/g' "$task/comm") $(sed 's/.*) //' "$task/stat" | cut -d' ' -f12,13)"
  done
}

# tell_threads: who used the processors between the two looks.
tell_threads() {
  awk -v hz="$(getconf CLK_TCK)" -v places="$places" '
    NR == FNR { used[$1] -= $2 + $3; next }
    { used[$1] += $2 + $3 }
    END { for (name in used) if (used[name] > 0) printf "%8.2f s  %s\n", used[name] / hz, name }' \
    "$work/threads.before" "$work/threads.after" | sort -rn | sed -n "1,${places}p"
}

machine
start_cluster
leader=$(await_leader)
id=$leader
if [ "$node" = follower ]; then id=$(others_of "$leader" | sed -n 1p); fi
pid=${pids[$id]}

# recorder WORD OPTION...: start or stop.
recorder() { "$jcmd" "$pid" "JFR.$1" "${@:2}" >"$work/jfr.out" || fail "$(cat "$work/jfr.out")"; }

# The first recording has much compiled anew, for a minute: so the warm-up has one of its own.
recorder start name=warm-up settings="$home/bench/profile.jfc"
put_load warm --ops "$warm_up" --in-flight "$in_flight" ${load+"${load[@]}"}
tell "warm-up" warm
recorder start name=profile settings="$home/bench/profile.jfc"
thread_times "$pid" >"$work/threads.before"
recorded=$((ops + $(client_warm_up)))
cpu_before=$(cut -d' ' -f14,15 "/proc/$pid/stat")
put_load profiled --ops "$ops" --in-flight "$in_flight" ${load+"${load[@]}"}
cpu_after=$(cut -d' ' -f14,15 "/proc/$pid/stat")
thread_times "$pid" >"$work/threads.after"
recorder stop name=profile filename="${out%.txt}.jfr"
tell "while it was recorded" profiled
say "$node, node $id: $(echo "$cpu_before $cpu_after" | awk -v hz="$(getconf CLK_TCK)" -v ops="$recorded" \
  '{printf "%.1f s of processor time, %.1f of it in the system; %.2f s for 10,000 of %d operations", ($3 + $4 - $1 - $2) / hz, ($4 - $2) / hz, ($3 + $4 - $1 - $2) / hz / ops * 10000, ops}')"
if [ "$(await_leader)" != "$leader" ]; then say "another node leads now: this is not of one role"; fi
say ""
say "processor time by thread"
tell_threads | tee -a "$step_log"
report "${out%.txt}.jfr" | tee -a "$step_log"
say ""
say "took $((SECONDS - begun)) s; the recording is ${out%.txt}.jfr"
cp "$step_log" "$out"
rm "$step_log"
