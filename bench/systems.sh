# Sourced, not run: three nodes of a system on this machine, brought up and taken down. Full durability
# and their own defaults for the rest; data in $work, which has to be on a real disk.
#
# Expects home (the source tree). For system_up also: work, a fresh directory. Sets endpoints and
# server_pids, each a list with commas, and system_pids and client_ports, of node 1 first.

nodes=${nodes:-3}
peers_home=$home/bench/target/peers
declare -a system_pids=() node_commands=() client_ports=()
endpoints=
server_pids=

etcd_binary() {
  local unpacked=$peers_home/etcd/usr/bin/etcd
  if [ -n "${ETCD_BIN:-}" ]; then
    echo "$ETCD_BIN"
  elif [ -x "$unpacked" ]; then
    echo "$unpacked"
  fi
}

peer_libraries() { echo "$home/bench/peers/$1/target/lib"; }

peer_classpath() { echo "$home/bench/peers/$1/target/classes:$(peer_libraries "$1")/*"; }

# Of a library of a peer, by the name of its jar.
jar_version() {
  find "$(peer_libraries "$1")" -name "$2-[0-9]*.jar" | sed "s|.*/$2-\(.*\)\.jar\$|\1|" | sed -n 1p
}

# The commit of these sources. What a run adds to the results does not make them others.
source_version() {
  local commit
  commit=$(git -C "$home" describe --always 2>/dev/null) || { echo unknown; return; }
  git -C "$home" diff --quiet HEAD -- ':(exclude)bench/results' || commit+=-dirty
  echo "$commit"
}

system_version() {
  case $1 in
    raftkv | echo) source_version ;;
    etcd) "$(etcd_binary)" --version | sed -n 's/^etcd Version: //p' ;;
    zookeeper) jar_version zookeeper zookeeper ;;
    rheakv) jar_version rheakv jraft-rheakv-core ;;
  esac
}

# Can the system be brought up here?
system_is_there() {
  case $1 in
    raftkv | echo) true ;;
    etcd) [ -n "$(etcd_binary)" ] ;;
    *) [ -d "$(peer_libraries "$1")" ] ;;
  esac
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_ports COUNT: sets ports, numbered from 1.
free_ports() {
  local port=9201
  ports=()
  while [ ${#ports[@]} -lt "$1" ]; do
    if [ $port -gt 9999 ]; then echo "no free ports from 9201 on" >&2; return 1; fi
    if port_is_free $port; then ports[${#ports[@]} + 1]=$port; fi
    port=$((port + 1))
  done
}

# spawn ID COMMAND...: starts a node in the background, its output in a file; node_again does so once more.
spawn() {
  local id=$1
  shift
  node_commands[id]=$(printf '%q ' "$@")
  "$@" >>"$work/node$id.out" 2>&1 </dev/null &
  system_pids[id - 1]=$!
}

node_kill() {
  kill -s KILL "${system_pids[$1 - 1]}"
  wait "${system_pids[$1 - 1]}" 2>/dev/null || true
}

node_again() {
  eval "spawn $1 ${node_commands[$1]}"
  server_pids=$(joined , "${system_pids[@]}")
}

node_address() { echo "127.0.0.1:${client_ports[$1 - 1]}"; }

# joined SEPARATOR WORD...
joined() {
  local IFS=$1
  shift
  echo "$*"
}

# system_up NAME: starts all nodes and returns at once.
system_up() {
  local id addresses=()
  system_pids=() node_commands=()
  "${1}_up"
  server_pids=$(joined , "${system_pids[@]}")
  for id in "${client_ports[@]}"; do addresses+=("127.0.0.1:$id"); done
  endpoints=$(joined , "${addresses[@]}")
}

# Kills what system_up started, and removes its data: nothing of it is needed any more.
system_down() {
  local pid
  for pid in "${system_pids[@]}"; do kill -s KILL "$pid" 2>/dev/null || true; done
  for pid in "${system_pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  system_pids=()
  if [ -d "${work:-}" ]; then find "$work" -mindepth 1 -delete; fi
}

raftkv_up() {
  local id
  free_ports "$nodes"
  client_ports=("${ports[@]}")
  for ((id = 1; id <= nodes; id++)); do
    local others=("${client_ports[@]}")
    unset "others[id - 1]"
    if [ "$nodes" = 1 ]; then
      spawn "$id" "$home/bin/kv-server" --id 1 --port "${ports[1]}" --data-dir "$work/node1"
    else
      spawn "$id" "$home/bin/kv-server" --id "$id" --port "${ports[$id]}" \
        --peers "$(joined , "${others[@]}")" --data-dir "$work/node$id"
    fi
  done
}

# ETCD_OPTS: further options for etcd, as "--heartbeat-interval 50 --election-timeout 300".
etcd_up() {
  local id cluster=()
  free_ports $((2 * nodes))
  client_ports=("${ports[@]:0:nodes}")
  for ((id = 1; id <= nodes; id++)); do cluster+=("node$id=http://127.0.0.1:${ports[nodes + id]}"); done
  for ((id = 1; id <= nodes; id++)); do
    local client=http://127.0.0.1:${ports[id]} peer=http://127.0.0.1:${ports[nodes + id]}
    # shellcheck disable=SC2086 # several options in one variable
    spawn "$id" "$(etcd_binary)" --name "node$id" --data-dir "$work/node$id" \
      --listen-client-urls "$client" --advertise-client-urls "$client" \
      --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" \
      --initial-cluster "$(joined , "${cluster[@]}")" --initial-cluster-state new ${ETCD_OPTS:-}
  done
}

# With the heap of its own launcher, 1000 MB, and its own defaults for the rest: forceSync is one.
zookeeper_up() {
  local id file
  free_ports $((3 * nodes))
  client_ports=("${ports[@]:0:nodes}")
  for ((id = 1; id <= nodes; id++)); do
    mkdir -p "$work/node$id"
    echo "$id" >"$work/node$id/myid"
    file=$work/node$id.cfg
    {
      printf 'tickTime=2000\ninitLimit=10\nsyncLimit=5\nadmin.enableServer=false\n'
      printf 'dataDir=%s\nclientPort=%s\nclientPortAddress=127.0.0.1\n' "$work/node$id" "${ports[id]}"
      local other
      for ((other = 1; other <= nodes; other++)); do
        printf 'server.%s=127.0.0.1:%s:%s\n' "$other" "${ports[nodes + other]}" "${ports[2 * nodes + other]}"
      done
    } >"$file"
    spawn "$id" "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx1000m -cp "$(peer_classpath zookeeper)" \
      org.apache.zookeeper.server.quorum.QuorumPeerMain "$file"
  done
}

# It reaches into the JDK by reflection, which has to be allowed from 16 on; and it writes what it finds
# worth writing into the directory in which it was started.
rheakv_up() {
  local id addresses=()
  free_ports "$nodes"
  client_ports=("${ports[@]}")
  for ((id = 1; id <= nodes; id++)); do addresses+=("127.0.0.1:${ports[id]}"); done
  for ((id = 1; id <= nodes; id++)); do
    # shellcheck disable=SC2046 # several options
    spawn "$id" env -C "$work" "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx1000m $(rheakv_java_opts) \
      -cp "$(peer_classpath rheakv)" raftkv.bench.peers.rheakv.RheaKvServer \
      "$(joined , "${addresses[@]}")" "$id" "$work/node$id"
  done
}

rheakv_java_opts() {
  local package
  for package in java.lang java.lang.reflect java.util java.util.concurrent java.nio java.net sun.nio.ch; do
    echo "--add-opens=java.base/$package=ALL-UNNAMED"
  done
  echo "-Dio.netty.tryReflectionSetAccessible=true"
}

# One process that answers and does nothing else.
echo_up() {
  free_ports 1
  client_ports=("${ports[@]}")
  spawn 1 "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xms512m -Xmx512m -XX:+UseG1GC \
    -cp "$home/bench/target/bench.jar" raftkv.bench.grpc.EchoServer "${ports[1]}"
}
