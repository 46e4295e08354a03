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
  local top=$1 log=$1/target/build.log lock ticker quiet status=0 started=$SECONDS
  mkdir -p "$top/target"
  exec {lock}>"$top/target/build.lock"
  if ! flock --nonblock "$lock"; then
    echo "Waiting for another build in $top to end" >&2
    flock "$lock"
  fi
  if is_built "$top"; then
    return 0
  fi
  source "$top/bin/lib/packages.sh"
  require_packages "$BUILD_NEEDS"

  printf 'Building: seconds, or a few minutes the first time, when Maven downloads what it needs ' >&2
  {
    exec {quiet}<> <(:) {lock}>&-
    while ! read -r -t 2 -u "$quiet"; do printf . >&2; done
  } &
  ticker=$!
  trap 'kill "$ticker"' EXIT
  trap 'echo >&2; exit 130' INT
  trap 'echo >&2; exit 143' TERM
  (cd "$top" && run_maven -DskipTests -Dmaven.test.skip=true -Dformat=skip -DbuildCTests=OFF package) >"$log" 2>&1 {lock}>&- || status=$?
  kill "$ticker"
  wait "$ticker" 2>/dev/null || true
  trap - EXIT INT TERM
  if ((status != 0)); then
    printf ' failed. The end of %s:\n' "$log" >&2
    grep -Ev '^.(INFO|ERROR). *($|-+$|Total time|Finished at|BUILD FAILURE|-> .Help|.Help 1|To see|Re-run|For more)' "$log" |
      tail -n 30 >&2
    return 1
  fi
  echo " done in $((SECONDS - started)) s" >&2
  exec {lock}>&-
}
