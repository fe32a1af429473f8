#!/bin/sh
# The long kill run: `demo/kill-run.sh [KILLS]`, 50 leader kills unless told. Eight clients write and
# read while leaders are killed and restarted, nodes paused and all restarted at once; at the end every
# answer is judged. Prints what was done and found; ends with a code that is not zero if anything was
# lost, doubled or read too old.
set -eu
self=$(readlink -f "$0")
cd "${self%/*}/.."
kills=${1:-50}
case $kills in
  *[!0-9]* | '') echo "kill-run.sh: '$kills' is no number of kills" >&2; exit 2 ;;
esac
exec mvn -B verify -pl e2e -am -Dtest=NoUnitTests -Dsurefire.failIfNoSpecifiedTests=false \
  -Dit.test=KillRunIT -Dfailsafe.failIfNoSpecifiedTests=false -Dkills="$kills"
