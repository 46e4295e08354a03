# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Builds target/dist, which bin/dvdi runs, when it is missing or older than a source. Sourced; needs jdk.sh.

# True when $1/target/dist is there and nothing was edited since. Folders count too: they change when a file is removed.
is_built() {
  local built=$1/target/dist/built
  [[ -e $built && -z $(find "$1/pom.xml" "$1/src/main" "$1/bindings/java" -newer "$built" -print -quit) ]]
}

# Builds the checkout $1 without its tests. Takes a lock: a second bin/dvdi waits for the first one's build.
build() {
  local top=$1 lock other
  if ! { mkdir -p "$top/target" && [[ -w $top/target ]]; } 2>/dev/null; then
    use_as_it_is "$top"
    return
  fi
  source "${BASH_SOURCE[0]%/*}/interruptible.sh"
  exec {lock}>>"$top/target/build.lock"
  if ! flock --nonblock "$lock"; then
    read -r other <"$top/target/build.lock" || other=unknown
    echo "Waiting for another build in $top (process $other) to end" >&2
    interruptible flock "$lock"
  fi
  if ! is_built "$top"; then
    echo $$ >"$top/target/build.lock"
    source "$top/bin/lib/packages.sh"
    require_packages "$BUILD_NEEDS"
    build_locked "$top"
  fi
  exec {lock}>&-
}

# What there is to do where nothing can be built.
use_as_it_is() {
  if [[ -e $1/target/dist/built ]]; then
    echo "dvdi: warning: sources in $1 are newer than its build, which is used as it is," \
      "since $1/target cannot be written" >&2
    return
  fi
  echo "dvdi: $1 is not built yet, and cannot be built where it is, since $1/target cannot be written." \
    "Copy $1 to a folder that you can write to, and run bin/dvdi there." >&2
  return 1
}

# What Maven makes it takes for whole when its time is right, so that a build that was cut off starts again from nothing.
build_locked() {
  local top=$1 log=$1/target/build.log begun=$1/target/build.begun ticker quiet status=0 started=$SECONDS
  if [[ -e $begun ]]; then
    discard "$top"
  fi
  touch "$begun"
  printf 'Building: seconds, or a few minutes the first time, when Maven downloads what it needs ' >&2
  {
    exec {quiet}<> <(:) {lock}>&-
    while kill -0 $$ 2>/dev/null && ! read -r -t 2 -u "$quiet"; do printf . >&2; done
  } &
  ticker=$!
  # A signal to the process group has ended the ticker already.
  # shellcheck disable=SC2064 # of this build
  trap "kill $ticker 2>/dev/null || true; echo >&2; discard ${top@Q}" EXIT
  interruptible run_build "$top" >"$log" 2>&1 || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  trap - EXIT
  rm -f "$begun"
  if ((status != 0)); then
    printf ' failed. The end of %s:\n' "$log" >&2
    grep -Ev '^.(INFO|ERROR). *($|-+$|Total time|Finished at|BUILD FAILURE|-> .Help|.Help 1|To see|Re-run|For more)' "$log" |
      tail -n 30 >&2
    return 1
  fi
  echo " done in $((SECONDS - started)) s" >&2
}

run_build() {
  cd "$1" && run_maven -DskipTests -Dmaven.test.skip=true -Dformat=skip -DbuildCTests=OFF package
}

# Removes what a build has made that was cut off. The distribution that the last whole one made stays.
discard() {
  rm -rf "$1"/target/{classes,maven-status,c,build.begun}
}
