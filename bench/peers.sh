#!/usr/bin/env bash
# Gets the systems that this one is measured against, and says their versions. Nothing is installed;
# everything is put below bench/target and bench/peers/*/target, and found there the next time.
#
#   bench/peers.sh [NAME...]        etcd, zookeeper, rheakv; default: all
#
#   ETCD_BIN   an etcd binary to take; otherwise the newest of Debian's suites is unpacked (apt-get,
#              dpkg-deb), or elsewhere the newest that apt offers, whatever its priority
#
# ZooKeeper and RheaKV come by Maven, with the profile `peers`.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$home/bench/systems.sh"

usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

die() {
  echo "peers.sh: $*" >&2
  exit 1
}

# Sets apt_options. On Debian they point apt at lists of our own, of all of Debian's suites and not of the
# machine's alone, whose settings stay as they are. Elsewhere there are none: what apt offers is taken.
find_suites() {
  local archive suite lists=$peers_home/apt keys=/usr/share/keyrings/debian-archive-keyring.gpg
  apt_options=()
  # shellcheck disable=SC2016 # apt's variables, not the shell's
  archive=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' | sed -n 's/^Debian //p' | sed -n 1p)
  if [ -z "$archive" ] || [ ! -e $keys ]; then return; fi
  mkdir -p "$lists/state/partial" "$lists/cache/archives/partial"
  for suite in stable testing unstable; do
    echo "deb [signed-by=$keys] $archive $suite main"
  done >"$lists/sources.list"
  apt_options=(-o "Dir::Etc::sourcelist=$lists/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$lists/state" -o "Dir::Cache=$lists/cache")
  apt-get -q "${apt_options[@]}" update >&2 || die "apt-get update failed"
}

get_etcd() {
  local version
  if [ -n "$(etcd_binary)" ]; then return; fi
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
    die "no etcd: name one by ETCD_BIN (here is no apt-get and dpkg-deb to get it with)"
  find_suites
  # The newest first: madison goes by suites.
  version=$(apt-cache "${apt_options[@]}" madison etcd-server | awk -F'|' '{gsub(/ /, "", $2); print $2}' | sort -rV | sed -n 1p)
  [ -n "$version" ] || die "apt knows no etcd-server: run 'apt-get update', or name a binary by ETCD_BIN"
  mkdir -p "$peers_home/etcd"
  (cd "$peers_home" && apt-get -q "${apt_options[@]}" download "etcd-server=$version" >&2) ||
    die "etcd-server $version was not downloaded"
  dpkg-deb -x "$peers_home"/etcd-server_*.deb "$peers_home/etcd"
  rm -rf "$peers_home"/etcd-server_*.deb "$peers_home/apt"
}

get_by_maven() {
  if [ -d "$(peer_libraries "$1")" ]; then return; fi
  command -v mvn >/dev/null || die "no mvn found to get $1 with"
  echo "getting and building $1 (once, some minutes)" >&2
  (cd "$home" && mvn -B -q -DskipTests -Ppeers -pl "bench/peers/$1" -am package) || die "$1 was not built"
}

case ${1:-} in -h | --help) usage; exit 0 ;; esac
if [ $# -eq 0 ]; then set -- etcd zookeeper rheakv; fi
for peer; do
  case $peer in
    etcd) get_etcd ;;
    zookeeper | rheakv) get_by_maven "$peer" ;;
    *) die "no such peer: $peer; see --help" ;;
  esac
  echo "$peer $(system_version "$peer")"
done
