# Sourced by the launchers, not run. Finds a Java virtual machine and refuses one that is too old.
# Sets java (its path), java_major (17, 25, ...) and java_build (as the archive of classes names it).

die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit "${2:-2}"
}

# Reads NAME="VALUE" lines: the file that each JDK and JRE carries at its root. Asking java itself
# would cost a whole start of it.
read_release() {
  while IFS='=' read -r name value; do
    value=${value#\"}
    value=${value%\"}
    case $name in
      JAVA_VERSION) java_version=$value ;;
      JAVA_RUNTIME_VERSION) java_build=$value ;;
    esac
  done <"$1"
}

ask_java() {
  java_build=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.runtime\.version = //p')
  java_version=$java_build
}

find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || die "JAVA_HOME is '$JAVA_HOME', but there is no bin/java in it"
  else
    java=$(command -v java) || die "no java found: install Java 17 or later, or set JAVA_HOME"
  fi
  java_version=
  java_build=
  java_real=$(readlink -f "$java")
  release=${java_real%/bin/java}/release
  if [ -r "$release" ]; then read_release "$release"; fi
  if [ -z "$java_build" ]; then ask_java; fi
  java_major=${java_version%%[!0-9]*}
  # Up to 8 the versions began with "1.".
  if [ "$java_major" = 1 ]; then
    java_version=${java_version#1.}
    java_major=${java_version%%[!0-9]*}
  fi
  if [ "${java_major:-0}" -lt 17 ]; then
    die "Java 17 or later is needed, but $java is ${java_build:-unknown}: set JAVA_HOME to a newer one"
  fi
}

# Keys and values on the command line are UTF-8, whatever the caller's locale says.
use_utf8() {
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]8 | *[Uu][Tt][Ff]-8) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
}

# Sets jar: beside bin in an installation, in the module's build directory in a source tree.
find_jar() {
  jar=$home/lib/$1.jar
  if [ ! -r "$jar" ]; then jar=$home/$1/target/$1.jar; fi
  [ -r "$jar" ] || die "$1 is not built yet: run 'mvn -B -DskipTests package' in $home"
}
