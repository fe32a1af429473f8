# Sourced, not run, by measurements that write lines of JSON. Expects home and run.

# open_results FILE: results is the directory of this run, out the file in it.
open_results() {
  results=$home/bench/results/$run
  out=$results/$1
  mkdir -p "$results"
  # Not behind half a line, of a run that was broken off: both would be lost.
  if [ -n "$(tail -c 1 "$out" 2>/dev/null)" ]; then echo >>"$out"; fi
}
