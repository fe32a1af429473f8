#!/bin/sh
# The long wipe run: `demo/wipe-run.sh [TIMES]`, 20 unless told. Eight clients write and read while one
# node after the other is killed, its data directory deleted, and started again; each has to be a member
# again before the next loses its disk. Every answer is judged. Then two of three lose theirs, and
# nobody may serve. Ends with a code that is not zero if anything does not hold.
set -eu
self=$(readlink -f "$0")
cd "${self%/*}/.."
times=${1:-20}
case $times in
  *[!0-9]* | '') echo "wipe-run.sh: '$times' is no number of times" >&2; exit 2 ;;
esac
exec mvn -B verify -pl e2e -am -Dtest=NoUnitTests -Dsurefire.failIfNoSpecifiedTests=false \
  -Dit.test=WipeRunIT -Dfailsafe.failIfNoSpecifiedTests=false -Dwipes="$times"
