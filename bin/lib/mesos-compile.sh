# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Compiles the adapter against the headers that mesos-headers.sh laid out. Sourced by mesos-matrix.

# The warnings of src/main/c/CMakeLists.txt; they are counted here, so they are no errors. C++11 is what every Mesos was
# written in.
readonly WARNINGS=(-Wall -Wextra -Wshadow -Wconversion)
readonly OUR_WARNING='^src/main/c/[^:]*:[0-9:]* warning:'
readonly COMPILER=${CXX:-g++}
read -r -a OPTIONS <<<"-std=c++11 ${CXXFLAGS:-}"

compiler_name() {
  echo "$("$COMPILER" --version | head -n 1), ${OPTIONS[*]}"
}

# True when the compiler finds the header $1 by itself.
includes_file() {
  "$COMPILER" "${OPTIONS[@]}" -E -x c++ -include "$1" /dev/null >/dev/null 2>&1
}

require_matrix_programs() {
  local program missing=()
  for program in git tar patch awk "$COMPILER"; do
    type -P "$program" >/dev/null || missing+=("$program")
  done
  # stout's headers include it, in every release.
  includes_file curl/curl.h || missing+=(curl/curl.h)
  ((${#missing[@]} == 0)) ||
    fail "these are missing: ${missing[*]}. On Debian: apt install git tar patch mawk g++ libcurl4-openssl-dev"
}

# Compiles every source of the adapter. Sets $sources, $compiled and $warnings, each counted once however often its
# header is read.
compile_adapter() {
  local numbers options include source object
  IFS=. read -r -a numbers <<<"$version"
  options=("${OPTIONS[@]}" "${WARNINGS[@]}" -fPIC -fvisibility=hidden -D_GNU_SOURCE -D__STDC_FORMAT_MACROS
    "-DDVDI_MESOS_VERSION=$((numbers[0] * 10000 + numbers[1] * 100 + numbers[2]))"
    -I src/main/c -I src/main/c/entry)
  for include in "${includes[@]}"; do
    options+=(-isystem "$include")
  done
  mkdir "$release/objects"
  sources=0
  for source in src/main/c/mesos/*.cpp; do
    object=$release/objects/$(basename "$source" .cpp).o
    while (($(jobs -pr | wc -l) >= ${JOBS:-$(nproc)})); do
      wait -n || true
    done
    LC_ALL=C "$COMPILER" "${options[@]}" -c "$source" -o "$object" >"$object.log" 2>&1 &
    sources=$((sources + 1))
  done
  wait
  cat "$release"/objects/*.log >"$release/log"
  compiled=$(find "$release/objects" -name '*.o' | wc -l)
  warnings=$({ grep -E "$OUR_WARNING" "$release/log" || true; } | sort -u | wc -l)
}

table_row() {
  local name=$build
  if [[ $revision != "$build" ]]; then
    name+=" ($revision)"
  fi
  echo "| $name | ${commit::9} | ${protobuf#protobuf-} | ${boost#boost-} | ${glog#glog-}" \
    "| $compiled of $sources | $warnings |"
}

# Prints the first error, and where it is of ours when it is in a template, or else the first warning of ours.
first_complaint() {
  awk '/^src\/main\/c/ { ours = $1 }
    /error:/ { print (/^src/ || ours == "" ? "" : ours " ") $0; found = 1; exit }
    END { exit !found }' "$release/log" ||
    grep -E -m 1 "$OUR_WARNING" "$release/log" || echo "see $release/log"
}
