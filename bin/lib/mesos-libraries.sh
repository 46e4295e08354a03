# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Builds the libraries for mesos-agent of many builds of Mesos. Sourced by bin/package; needs mesos-headers.sh,
# mesos-compile.sh and package-tree.sh.

# Builds those for $mesos_sources[@] into the folder $2, with jni.h of the JDK $1. Each source is the prefix of an installed
# Mesos, or a git repository of Mesos or ClusterD, whose releases are built for, or REPOSITORY@REVISION. Prints a table.
build_libraries() {
  local jdk=$1 into=$2 source repository revisions revision
  echo "| library | commit | protobuf | C++ ABI | glibc | KiB |"
  echo "|---|---|---|---|---|---|"
  for source in "${mesos_sources[@]}"; do
    if [[ -e $source/include/mesos/version.hpp ]]; then
      build_for_prefix "$source"
      continue
    fi
    repository=$source
    revisions=()
    if [[ ! -e $source && $source == *@* ]]; then
      repository=${source%@*}
      revisions=("${source##*@}")
    fi
    mesos=$(git -C "$repository" rev-parse --absolute-git-dir 2>/dev/null) ||
      fail "'$source' (--mesos) is neither the prefix of an installed Mesos with its headers nor a git repository of" \
        "Mesos or ClusterD."
    ((${#revisions[@]} > 0)) || mapfile -t revisions < <(newest_releases)
    for revision in "${revisions[@]}"; do
      build_for_revision "$revision"
    done
  done
}

# With the libraries' headers that are installed here, as that Mesos was: on this host.
build_for_prefix() {
  local folder=target/package-mesos
  rm -rf -- "$folder"
  # Messages and debug information name sources, which are not in /src here.
  CFLAGS=-ffile-prefix-map=$PWD=/src CXXFLAGS=-ffile-prefix-map=$PWD=/src \
    bin/lib/build-c "$folder" "-DDVDI_MESOS_PREFIX=$1" -DDVDI_BUILD_TESTS=OFF >"$folder.log" 2>&1 ||
    fail "the library for the Mesos in $1 cannot be built. See $folder.log."
  protobuf="$(pkg-config --modversion protobuf 2>/dev/null || echo unknown) (installed)"
  commit=''
  add_built "$folder" "$into"
}

# With the headers and libraries that the revision has itself, in the old root, so that it runs on older systems.
build_for_revision() {
  local folder=target/package-mesos-old joined
  prepare_release "$1"
  [[ $protobuf != *installed* ]] ||
    fail "$1 needs $protobuf's own headers: its archive is missing in $mesos. Name a git repository of protobuf with" \
      "--protobuf."
  joined=$(printf ';%s' "${includes[@]/#$PWD//src}")
  rm -f -- "$folder"/libmesos_dvdi_isolator-[0-9]*.so
  logged_in_old_root "package-mesos-$build.log" "$jdk" "$into" /tree /src/bin/lib/build-c "/src/$folder" \
    -DDVDI_BUILD_TESTS=OFF "-DDVDI_MESOS_INCLUDES=${joined:1}" "-DDVDI_MESOS_BUILD=$build" ||
    fail "the library for $1 cannot be built."
  bin/lib/check-symbols --strict cc "$folder/libmesos_dvdi_isolator-$build.so"
  add_built "$folder" "$into"
}

# Takes the one library in the build folder $1 into the folder $2, and prints its row.
add_built() {
  local library
  library=$(echo "$1"/libmesos_dvdi_isolator-[0-9]*.so)
  strip --strip-unneeded "$library"
  cp "$library" "$2/"
  echo "| $(basename "$library") | ${commit::9} | ${protobuf#protobuf-} | $(cxx_abi "$library")" \
    "| $(newest_glibc "$library") | $(($(stat -c %s "$library") / 1024)) |"
}

# GCC's two layouts of std::string. The agent has to be of the same.
cxx_abi() {
  local count
  # grep reads to the end: nm would fail if it stopped early.
  count=$(nm --dynamic "$1" | grep -c cxx11) || true
  if ((count > 0)); then echo new; else echo old; fi
}

# The oldest glibc that a library runs with.
newest_glibc() {
  readelf --wide --dyn-syms "$1" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -V | tail -n 1
}
