#!/usr/bin/env bash
# How long clients wait when the leader goes. A client writes each millisecond, with retries; the leader
# is killed, asked to end, stopped, or its cable is pulled; the gap between two answers is measured, and
# where the time went is read from the nodes' logs. Next to etcd, with its defaults and with a heartbeat
# of 50 ms and an election timeout of 300 ms.
#
#   bench/failover.sh [--quick] [--trials N] [--etcd-trials N] [--rounds N] [--faults LIST]
#                     [--contenders LIST] [--results FILE] [--report]
#
#   --quick        two trials of each, into bench/target (about three minutes)
#   --trials       of each fault for this system (default 100)
#   --etcd-trials  of each fault for each etcd (default 30)
#   --rounds       in how many rounds the clusters take turns (default 10)
#   --faults       of KILL, TERM, STOP, CUT, and NONE, where nothing happens (default: all but NONE)
#   --contenders   of raftkv, raftkv-MIN-MAX (election timeouts in ms), etcd, etcd-HEARTBEAT-ELECTION
#                  (default raftkv,etcd,etcd-50-300)
#   --nodes        of each cluster (default 3)
#   --pace-micros  between two writes (default 1000)
#   --story-above-ms  logs and attempts around gaps above that are kept beside the results (default 300)
#   --results      a file of JSON lines (default bench/results/failover.jsonl); what is in there is not
#                  measured again, so a run that was cut off goes on
#   --plot         a file for a picture of the times until another led, as in Figure 16 of the Raft paper
#   --report       prints the table of what is there, and measures nothing: needs neither etcd nor namespaces
#
# A full run takes about two hours. Every node has a network namespace of its own, all in one that
# vanishes at the end: needs Linux with iproute2 and unshare, and root or user namespaces. etcd is taken
# from ETCD_BIN or by bench/peers.sh.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
most_nodes=5

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

die() {
  echo "failover.sh: $*" >&2
  exit 2
}

arguments=("$@")
inside=no
report=no
results=$home/bench/results/failover.jsonl
contenders=raftkv,etcd,etcd-50-300
pass=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) pass+=(--trials 2 --etcd-trials 2 --rounds 1); results=$home/bench/target/failover-quick.jsonl ;;
    --trials | --etcd-trials | --rounds | --faults | --nodes | --pace-micros | --story-above-ms | --plot) pass+=("$1" "${2:-}"); shift ;;
    --contenders) contenders=${2:-}; shift ;;
    --results) results=${2:-}; shift ;;
    --report) report=yes ;;
    --inside) inside=yes ;;
    -h | --help) usage; exit 0 ;;
    *) die "unknown option '$1'; see --help" ;;
  esac
  shift
done

. "$home/bin/find-java.sh"
if [ $report = yes ]; then
  [ -r "$results" ] || die "no results: $results"
  find_java
  find_jar bench
  exec "$java" -cp "$jar" raftkv.bench.failover.FailoverMain --report-only \
    --home "$home" --data "$home/bench/target" --results "$results" --contenders "$contenders" ${pass+"${pass[@]}"}
fi
if [ $inside = no ]; then
  for module in kv-server bench; do
    if [ ! -r "$home/$module/target/$module.jar" ]; then
      command -v mvn >/dev/null || die "not built yet, and no mvn found to build it"
      echo "building (once, about a minute)" >&2
      (cd "$home" && mvn -B -q -DskipTests package)
      break
    fi
  done
  case $contenders in *etcd*) "$home/bench/peers.sh" etcd >&2 ;; esac
  for tool in unshare ip; do command -v $tool >/dev/null || die "needs $tool (util-linux, iproute2)"; done
  if [ "$(id -u)" = 0 ]; then own=(unshare --net --mount); else own=(unshare --user --map-root-user --net --mount); fi
  "${own[@]}" ip link add kvprobe type bridge 2>/dev/null ||
    die "this machine gives no network namespaces here; run it as root, or allow user namespaces"
  exec "${own[@]}" "$0" --inside "${arguments[@]}"
fi

lay_cables() {
  local id
  # Names of namespaces are files below /run/netns: in a directory of our own.
  mount -t tmpfs none /run
  mkdir -p /run/netns
  ip link set lo up
  ip link add switch type bridge
  ip addr add 10.77.0.254/24 dev switch
  ip link set switch up
  for ((id = 1; id <= most_nodes; id++)); do
    ip netns add "node$id"
    ip link add "cable$id" type veth peer name eth0 netns "node$id"
    ip link set "cable$id" master switch up
    ip -n "node$id" link set lo up
    ip -n "node$id" addr add "10.77.0.$id/24" dev eth0
    ip -n "node$id" link set eth0 up
  done
}

. "$home/bench/systems.sh"
etcd=$(etcd_binary)
find_java
find_jar bench
lay_cables
version=$(system_version raftkv)
if [ -n "$etcd" ]; then version="$version, etcd $(system_version etcd)"; fi
mkdir -p "$home/bench/target"
data=$(mktemp -d "$home/bench/target/failover.XXXXXX")
echo "machine: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | sed -n 1p), $(nproc) cores, $(uname -sr), $version"

finish() {
  local code=$?
  trap '' INT TERM
  if [ -n "${program:-}" ]; then kill "$program" 2>/dev/null || true; wait "$program" 2>/dev/null || true; fi
  rm -rf "$data"
  exit $code
}
trap finish EXIT
trap 'exit 130' INT TERM

"$java" -Xms512m -Xmx512m -XX:+UseG1GC -XX:-UsePerfData -cp "$jar" raftkv.bench.failover.FailoverMain \
  --home "$home" --data "$data" --results "$results" --version "$version" --etcd "$etcd" \
  --contenders "$contenders" "${pass[@]}" &
program=$!
wait $program
code=$?
program=
exit $code
