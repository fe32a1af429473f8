# Sourced by the demonstrations, not run: nodes, what they say, and how a claim is checked.
# Expects: home (the source tree), work (a fresh directory). Nodes are numbered from 1.

nodes=3
declare -a pids=() ports=()
step_log=/dev/null

# --- telling and checking

say() { printf '%s\n' "$*" | tee -a "$step_log"; }

# What a program printed, set in a little.
quote() { sed 's/^/    /' | tee -a "$step_log"; }

title() {
  step_log=$PWD/demo_step$1.log
  : >"$step_log"
  printf '\n'
  say "== step $1: $2"
}

# Also from inside of a substitution, where neither output nor variables would reach anybody.
fail() {
  {
    say "FAILED: $*"
    tell_dead
    if [ -d "$work" ]; then
      say "logs and data are kept in $work"
      touch "$work/failed"
    fi
  } >&2
  exit 1
}

# Removes the directory, unless it is wanted or shows what went wrong.
clear_work() { if [ "$keep" = no ] && [ ! -e "$work/failed" ]; then rm -rf "$work"; else echo "kept: $work"; fi; }

# Of nodes that have ended, their last words: a port that was taken meanwhile, say.
tell_dead() {
  local id
  for id in "${!pids[@]}"; do
    if [ -n "${pids[$id]}" ] && ! kill -0 "${pids[$id]}" 2>/dev/null; then
      say "node $id has ended: $(tail -n 1 "$work/node$id.out" 2>/dev/null)"
    fi
  done
}

# check WHAT FOUND EXPECTED
check() {
  if [ "$2" != "$3" ]; then fail "$1: found '$2', expected '$3'"; fi
  say "  ok: $1: $2"
}

# check_at_most WHAT NUMBER LIMIT
check_at_most() {
  if [ "$2" -gt "$3" ]; then fail "$1: $2 ms, more than $3 ms"; fi
  say "  ok: $1: $2 ms (limit $3 ms)"
}

# wait_until SECONDS WHAT COMMAND...: polls, since nothing here tells us by itself.
wait_until() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    if [ $SECONDS -ge $end ]; then fail "waited in vain for: $what"; fi
    sleep 0.02
  done
}

# --- building

build_if_missing() {
  local module
  for module in kv-server kv-cli; do
    if [ ! -r "$home/lib/$module.jar" ] && [ ! -r "$home/$module/target/$module.jar" ]; then
      command -v mvn >/dev/null || fail "not built yet, and no mvn found to build it"
      echo "building (once, about a minute)"
      (cd "$home" && mvn -B -q -DskipTests package)
      return
    fi
  done
}

# --- the cluster: started, asked, killed. Overridden for containers and network namespaces.

is_port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Ports in a row, from 9001 on.
choose_ports() {
  local base id taken
  for base in 9001 9011 9021 9031 9041 9051; do
    taken=no
    for ((id = 1; id <= nodes; id++)); do
      is_port_free $((base + id - 1)) || taken=yes
    done
    if [ $taken = no ]; then
      for ((id = 1; id <= nodes; id++)); do ports[id]=$((base + id - 1)); done
      return
    fi
  done
  fail "no free ports from 9001 on"
}

peers_of() {
  local id list=
  for ((id = 1; id <= nodes; id++)); do
    if [ "$id" != "$1" ]; then list=$list,${ports[id]}; fi
  done
  printf '%s' "${list#,}"
}

node_start() {
  "$home/bin/kv-server" --id "$1" --port "${ports[$1]}" --peers "$(peers_of "$1")" \
    --data-dir "$work/node$1" >>"$work/node$1.out" 2>&1 </dev/null &
  pids[$1]=$!
}

# node_signal ID SIGNAL; after STOP, all threads of the node are stopped: on a busy machine the others
# may still answer a request between the signal and the first thread that takes it.
node_signal() {
  kill -s "$2" "${pids[$1]}"
  if [ "$2" = STOP ]; then wait_until 5 "node $1 to stop" is_stopped "${pids[$1]}"; fi
}

is_stopped() {
  local states
  states=$(sed 's/.*) \([A-Z]\) .*/\1/' "/proc/$1/task/"*/stat)
  [ -z "${states//[T$'\n']/}" ]
}

node_wait() { wait "${pids[$1]}" 2>/dev/null; }

node_log() { cat "$work/node$1/node.log"; }

cluster_stop() {
  local id
  for ((id = 1; id <= nodes; id++)); do
    if [ -n "${pids[id]:-}" ] && kill -0 "${pids[id]}" 2>/dev/null; then
      kill -s KILL "${pids[id]}" 2>/dev/null || true
      wait "${pids[id]}" 2>/dev/null || true
    fi
  done
}

# All endpoints, for commands that are not about one node.
cli() { "$home/bin/kv-cli" "$@"; }

# at ID COMMAND...: that node alone answers.
at() {
  local id=$1
  shift
  "$home/bin/kv-cli" --port "${ports[$id]}" "$@"
}

# --- questions

now_ms() { local t=${EPOCHREALTIME/[.,]/}; printf '%s' "${t%???}"; }

stamp_of_ms() { date -u -d "@$(($1 / 1000)).$(printf '%03d' $(($1 % 1000)))" +%Y-%m-%dT%H:%M:%S.%3NZ; }

ms_of_stamp() { date -u -d "$1" +%s%3N; }

# The node that leads, by what the nodes say of themselves; in the highest term if two say so.
leader() { cli status 2>/dev/null | awk '$3 == "leader" && $1 ~ /^[0-9]+$/ && $4 > term {term = $4; id = $1} END {if (id) print id}'; }

# status_of ID COLUMN: role, term, leader, applied.
status_of() {
  at "$1" status 2>/dev/null | awk -v id="$1" -v column="$2" '$1 == id {
    n = column == "role" ? 3 : column == "term" ? 4 : column == "leader" ? 5 : 7; print $n}'
}

# follows ID LEADER: by what that node says of itself.
follows() { [ -n "$2" ] && [ "$(status_of "$1" leader)" = "$2" ]; }

# settled ID: whether that node follows the one that says it leads. Sets now_leads.
settled() {
  now_leads=$(leader)
  follows "$1" "$now_leads"
}

# Asked again if the lead was lost between the two questions.
await_leader() {
  local id=
  until [ -n "$id" ]; do
    cli status --wait leader --timeout "${1:-20s}" >/dev/null 2>&1 || fail "no leader within ${1:-20s}"
    id=$(leader)
  done
  echo "$id"
}

await_healthy() {
  cli status --wait healthy --timeout "${1:-20s}" >/dev/null 2>&1 || fail "not healthy within ${1:-20s}"
}

others_of() {
  local id
  for ((id = 1; id <= nodes; id++)); do
    if [ "$id" != "$1" ]; then echo "$id"; fi
  done
}

# log_since ID MILLIS: lines of that node's log from that moment on.
log_since() {
  node_log "$1" | awk -v since="$(stamp_of_ms "$2")" '$1 >= since && $1 ~ /^[0-9]+-[0-9]+-[0-9]+T/'
}

# first_line MILLIS PATTERN ID...: the earliest line since then that matches, with its node.
first_line() {
  local since=$1 pattern=$2 id
  shift 2
  for id; do
    log_since "$id" "$since" | grep -E -m 1 -e "$pattern" | sed "s/^/node $id: /" || true
  done | sort -k 3,3 | sed -n 1p
}

has_line() { [ -n "$(first_line "$@")" ]; }

# millis_until MILLIS LINE: from that moment to the line's time stamp.
millis_until() {
  local stamp
  stamp=$(awk '{print $3}' <<<"$2")
  printf '%s' $(($(ms_of_stamp "$stamp") - $1))
}

# The role and election lines of a node since a moment: the story as it tells it.
story_since() {
  log_since "$1" "$2" | grep -E 'leader|elected|vote|candidate|stepping|timeout|lost' | sed -n "1,${3:-8}p" | sed "s/^/node $1: /" || true
}

# --- keys

# pairs FROM TO: "keyN valueN", a line each.
pairs() { seq "$1" "$2" | sed 's/.*/key& value&/'; }

keys() { seq "$1" "$2" | sed 's/^/key/'; }

values() { seq "$1" "$2" | sed 's/^/value/'; }

# check_keys ID FROM TO: read one after the other from that node, all with the right value.
check_keys() {
  local found
  # shellcheck disable=SC2046 # a list of words
  found=$(at "$1" get $(keys "$2" "$3")) || fail "node $1 does not give key$2 to key$3"
  if [ "$found" != "$(values "$2" "$3")" ]; then
    fail "node $1 gives other values: $(diff <(values "$2" "$3") - <<<"$found" | sed -n 1,3p)"
  fi
  say "  ok: key$2..key$3 read from node $1 (port ${ports[$1]}): $(($3 - $2 + 1)) of $(($3 - $2 + 1)) right"
}

check_hashes() {
  local table
  table=$(cli hash) || fail "hashes are not equal: $table"
  quote <<<"$table"
  say "  ok: state hashes equal on all $nodes nodes"
}
