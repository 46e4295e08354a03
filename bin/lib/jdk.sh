# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# Finds a Java installation. Sourced by all scripts, so that building, testing and running follow one rule.

readonly BUILD_JDK=22  # javac 21 refuses the foreign function API, which was a preview there
readonly RUN_JAVA=21   # running the result needs no more than this
readonly MAVEN_JAVA=17 # what Maven's plugins run on

readonly JDK_CACHE=${XDG_CACHE_HOME:-~/.cache}/dvdi/jdk # what download-jdk has unpacked

# Sets `java_rank` to a number that orders Java versions, from the `release` file of the home $1. Fails if that is for
# another processor, which a machine may have too. No JVM is started: that would cost more than all the rest of bin/dvdi.
# Versions look like 1.8.0_392, 17, 21.0.2, 25-ea, 25.0.3+9.
rank_java_home() {
  local line
  java_rank=0
  java_version=unknown
  [[ -r $1/release ]] || return 1
  while IFS= read -r line; do
    if [[ $line =~ ^OS_ARCH=\"?([^\"]*)\"?$ && ${BASH_REMATCH[1]} != "$HOSTTYPE" ]]; then
      java_rank=0
      java_version="for the processor ${BASH_REMATCH[1]}"
      return 1
    fi
    [[ $line =~ ^JAVA_VERSION=\"?([^\"]*)\"?$ ]] || continue
    java_version=${BASH_REMATCH[1]}
    [[ $java_version =~ ^(1\.)?([0-9]{1,4})(\.([0-9]{1,4}))?(\.([0-9]{1,4}))? ]] || return 1
    java_rank=$((10#${BASH_REMATCH[2]} * 100000000 + 10#${BASH_REMATCH[4]:-0} * 10000 + 10#${BASH_REMATCH[6]:-0}))
  done <"$1/release"
  ((java_rank > 0))
}

# Prints the home of a Java of at least major version $1 that has the program $2: java to run, javac to build.
# DVDI_JAVA_HOME says what to run on: one that does not do is an error. It builds too where it can. JAVA_HOME is often
# set for other programs, to an older Java: it is passed over when it does not do. Then the newest in the usual places.
find_java() {
  local minimum=$1 program=$2 home best='' best_rank=0 seen='' java_rank java_version on_path
  local needed=$((minimum * 100000000))

  if [[ -n ${DVDI_JAVA_HOME:-} ]]; then
    rank_java_home "$DVDI_JAVA_HOME" || true
    if [[ -x $DVDI_JAVA_HOME/bin/$program ]] && ((java_rank >= needed)); then
      echo "$DVDI_JAVA_HOME"
      return 0
    fi
    if [[ $program == java ]]; then
      echo "DVDI_JAVA_HOME is $DVDI_JAVA_HOME (Java $java_version), which is no home of a Java $minimum or newer" \
        "with bin/java and the file release. Correct it, or unset it." >&2
      return 1
    fi
  fi

  if [[ -n ${JAVA_HOME:-} && -x $JAVA_HOME/bin/$program ]] && rank_java_home "$JAVA_HOME" &&
    ((java_rank >= needed)); then
    echo "$JAVA_HOME"
    return 0
  fi

  on_path=$(type -P "$program" || true)
  if [[ -n $on_path ]]; then
    on_path=$(readlink -f "$on_path")
    on_path=${on_path%/bin/"$program"}
  fi
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/* "$on_path" "$JDK_CACHE"/*; do
    if [[ ! -x $home/bin/$program ]] || ! rank_java_home "$home"; then
      continue
    fi
    seen+="${seen:+, }$home (Java $java_version)"
    if ((java_rank >= needed && java_rank > best_rank)); then
      best=$home
      best_rank=$java_rank
    fi
  done
  if [[ -z $best ]]; then
    echo "No Java $minimum or newer with bin/$program was found in DVDI_JAVA_HOME, JAVA_HOME, /usr/lib/jvm, /usr/java," \
      "/opt/java, /opt, on the PATH or in $JDK_CACHE; found: ${seen:-none}. Install one, or set DVDI_JAVA_HOME to" \
      "its home." >&2
    return 1
  fi
  echo "$best"
}

# Runs Maven on the user's own Java where its plugins run on that, otherwise on the JDK that builds.
run_maven() {
  local build_home home=${JAVA_HOME:-} java_rank java_version
  build_home=$(find_java "$BUILD_JDK" javac) || return
  if [[ -z $home ]]; then
    home=$(readlink -f "$(type -P java)" || true)
    home=${home%/bin/java}
  fi
  if [[ $build_home == "${DVDI_JAVA_HOME:-}" ]] || ! rank_java_home "$home" ||
    ((java_rank < MAVEN_JAVA * 100000000)); then
    home=$build_home
  fi
  # Where it compiles is up to the toolchains plugin, which also looks at variables such as JAVA25_HOME.
  rank_java_home "$build_home"
  env LC_ALL=C.UTF-8 JAVA_HOME="$home" "JAVA$((java_rank / 100000000))_HOME=$build_home" mvn --batch-mode "$@"
}
