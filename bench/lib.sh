# Sourced by the measurements of snapshots, not run: a cluster that stays up while several loads run on
# it, one after the other. Expects: home, work and what demo/lib.sh expects; keys and value_bytes.

. "$home/demo/lib.sh"
keep=no

# Whatever happens, no process and no data is left.
finish() {
  local code=$?
  trap '' INT TERM
  cluster_stop
  clear_work
  exit $code
}

# begin NAME: a fresh directory beside the sources, on a real disk, and a log of what is measured there.
begin() {
  mkdir -p "$home/bench/target"
  work=$(mktemp -d "$home/bench/target/$1.XXXXXX")
  trap finish EXIT
  trap 'exit 130' INT TERM
  step_log=$PWD/bench_$1.log
  : >"$step_log"
  begun=$SECONDS
  build_if_missing
}

# start_cluster: three nodes that are up and have a leader.
start_cluster() {
  local id
  choose_ports
  KV_ENDPOINTS=localhost:${ports[1]},localhost:${ports[2]},localhost:${ports[3]}
  export KV_ENDPOINTS
  for ((id = 1; id <= nodes; id++)); do node_start "$id"; done
  await_leader 60s >/dev/null
  await_healthy
}

# How many puts each load makes before those that count, since its virtual machine is fresh.
client_warm_up() { echo $((keys < 20000 ? keys : 20000)); }

# put_load NAME OPTION...: puts over the keys, after those that warm the client; what came of them in
# $work/NAME.out.
put_load() {
  local name=$1
  shift
  "$home/bench/run.sh" --endpoints "$KV_ENDPOINTS" --keys "$keys" --value-bytes "$value_bytes" \
    --warm-up "$(client_warm_up)" "$@" >"$work/$name.out" 2>&1 || fail "the load '$name' failed: $(cat "$work/$name.out")"
}

# line_of NAME WORD: that line of what a load printed, without the word.
line_of() { sed -n "s/^$2 *//p" "$work/$1.out"; }

rate_of() { line_of "$1" result | sed 's/,//g; s/ puts.*//'; }

p99_of() { line_of "$1" latency | sed 's/.*p99 \([0-9.]*\) ms.*/\1/'; }

tell() { say "$(printf '%-34s' "$1") $(line_of "$2" result); $(line_of "$2" latency)"; }

# count_since MILLIS TEXT: lines of all nodes' logs with that text.
count_since() {
  local id
  for ((id = 1; id <= nodes; id++)); do log_since "$id" "$1"; done | grep -c -e "$2" || true
}

# mib_of ID FIELD: VmRSS or VmHWM of a node, MiB.
mib_of() { awk -v field="$2:" '$1 == field {printf "%d", $2 / 1024}' "/proc/${pids[$1]}/status"; }

# Its memory at most is counted from now on.
forget_peak() { echo 5 >"/proc/${pids[$1]}/clear_refs" 2>/dev/null || true; }

disk_mib() { du -m -s --apparent-size "$work/node$1" | cut -f1; }

machine() {
  say "machine: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | sed -n 1p), $(nproc) cores, $(uname -sr)"
}
