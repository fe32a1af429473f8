# Sourced by failover.sh --docker: the same cluster in containers. Overrides what lib.sh does with
# processes; kv-cli runs on this machine and uses the published ports. A project name of its own keeps
# it apart from a cluster that is up already, but the ports are those of docker-compose.yml.

project=kv-demo-$$

compose() { docker compose -p "$project" -f "$home/docker-compose.yml" "$@"; }

build_image() {
  docker compose version >/dev/null 2>&1 || fail "docker compose is needed for --docker"
  compose build -q || fail "the image cannot be built"
}

tell_dead() {
  compose ps -a --format '{{.Name}} {{.Status}}' 2>/dev/null | quote
}

choose_ports() {
  local id
  for ((id = 1; id <= nodes; id++)); do
    ports[id]=$((9000 + id))
    is_port_free "${ports[id]}" || fail "port ${ports[id]} is taken: stop what listens there"
  done
}

node_start() { compose up -d --no-build --no-deps "node$1" >>"$work/docker.out" 2>&1 || fail "$(tail -n 2 "$work/docker.out")"; }

container_of() { compose ps -aq "node$1"; }

node_signal() { docker kill --signal "$2" "$(container_of "$1")" >/dev/null; }

node_wait() { docker wait "$(container_of "$1")" >/dev/null; }

# Not `compose logs`: it puts terminal codes in front of lines.
node_log() { docker logs "$(container_of "$1")" 2>&1; }

# The command itself takes a while; docker knows when the signal was sent.
docker_signal_time() {
  local nanos
  nanos=$(docker events --since "$(($2 / 1000 - 1))" --until "$(date +%s.%N)" \
    --filter "container=$(container_of "$1")" --filter event=kill --format '{{.TimeNano}}' | tail -n 1)
  printf '%s' "$((${nanos:-${2}000000} / 1000000))"
}

cluster_stop() { compose down -v -t 1 >>"$work/docker.out" 2>&1 || true; }
