# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Lays out the public headers of a Mesos revision as they are installed. Sourced by mesos-matrix; needs jdk.sh.

# Prints the newest patch release of each minor version since 0.23, for which mesos-module-dvdi was first made, and the
# branch master. In a repository of ClusterD, which has Mesos' tags as well, its own releases and master.
newest_releases() {
  local branch master=''
  for branch in master origin/master; do
    if [[ -z $master ]] && git --git-dir="$mesos" rev-parse --quiet --verify "$branch" >/dev/null; then
      master=$branch
    fi
  done
  if [[ -n $master ]] && git --git-dir="$mesos" show "$master:CMakeLists.txt" 2>/dev/null | grep -q MESOS_SUB_VERSION; then
    git --git-dir="$mesos" tag --list | grep -E '^v?[0-9]+\.[0-9]+\.[0-9]+-[0-9]+\.[0-9]+\.[0-9]+$' | sort -t - -k 2 -V
  else
    git --git-dir="$mesos" tag --list | grep -E '^[0-9]+\.[0-9]+\.[0-9]+$' | sort -V |
      awk -F. '$1 > 0 || $2 >= 23 { newest[$1 "." $2] = $0 } END { for (minor in newest) print newest[minor] }' | sort -V
  fi
  [[ -z $master ]] || echo "$master"
}

# True when $commit has the path $1, and it is stored: repositories without large files have holes.
has() {
  git --git-dir="$mesos" cat-file -e "$commit:$1" 2>/dev/null
}

show() {
  git --git-dir="$mesos" show "$commit:$1"
}

# Sets $version, and $build, by which a library for it is called: 1.11.0, or 1.11.0-clusterd-0.9.0 for ClusterD, whose
# MESOS_VERSION never changes.
read_version() {
  local lists sub='' name=${revision##*/}
  if has configure.ac; then
    version=$(show configure.ac | sed -n 's/^AC_INIT(\[mesos\], \[\([0-9.]*\)\].*/\1/p')
  else
    lists=$(show CMakeLists.txt)
    version=$(sed -n 's/^set(MESOS_\(MAJOR\|MINOR\|PATCH\)_VERSION \([0-9]*\))$/\2/p' <<<"$lists" | paste -sd .)
    sub=$(sed -n 's/^set(MESOS_SUB_VERSION \([0-9.]*\))$/\1/p' <<<"$lists")
  fi
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] ||
    fail "$revision does not look like Mesos: neither its configure.ac nor its CMakeLists.txt has a version."
  # The tag knows better: the release 0.5.0 calls itself 4.
  [[ ! $name =~ ^v?$version-([0-9.]+)$ ]] || sub=${BASH_REMATCH[1]}
  build=$version${sub:+-clusterd-$sub}
}

# Sets up the headers of the revision $1. Afterwards $commit, $version, $build and $protobuf say what it is, and
# $includes has its include folders, which are in the folder $release.
prepare_release() {
  local name
  revision=$1
  commit=$(git --git-dir="$mesos" rev-parse --quiet --verify "$revision^{commit}") ||
    fail "$mesos has no revision '$revision'. 'git tag' lists the releases; 'git fetch --tags' gets them."
  read_version
  release=$cache/releases/${revision//\//-}
  rm -rf "${release:?}"
  mkdir -p "$release/include"
  includes=("$release/include")
  libraries=$(git --git-dir="$mesos" ls-tree -r --name-only "$commit" 3rdparty | grep '\.tar\.gz$')

  unpack_headers
  fill_in_version
  add_boost
  for name in concurrentqueue elfio picojson; do
    add_library "$name"
  done
  add_library rapidjson include
  add_glog
  add_protobuf
  generate_messages
}

# Mesos' own, and libprocess' and stout's, which were moved with 1.0.
unpack_headers() {
  local folder
  for folder in include 3rdparty/libprocess/include 3rdparty/stout/include \
    3rdparty/libprocess/3rdparty/stout/include; do
    if has "$folder"; then
      git --git-dir="$mesos" archive "$commit:$folder" | tar -x -C "$release/include"
    fi
  done
}

fill_in_version() {
  local numbers
  IFS=. read -r -a numbers <<<"$version"
  sed -e "s/@PACKAGE_VERSION@/$version/" -e "s/@MESOS_MAJOR_VERSION@/${numbers[0]}/" \
    -e "s/@MESOS_MINOR_VERSION@/${numbers[1]}/" -e "s/@MESOS_PATCH_VERSION@/${numbers[2]}/" \
    "$release/include/mesos/version.hpp.in" >"$release/include/mesos/version.hpp"
}

# Prints the name with version of the library $1 that $commit bundles: boost-1.65.0. Nothing when it bundles none.
library() {
  sed -n "s,^.*/\($1-[^/]*\)\.tar\.gz$,\1,p" <<<"$libraries"
}

# Finds the tarball of the library $1. Sets $tarball. False when $commit bundles none, or the repository has a hole
# there.
find_tarball() {
  tarball=$(grep "/$1-[^/]*\.tar\.gz$" <<<"$libraries") && has "$tarball"
}

# Unpacks the tar archive of one folder that the command $2... prints, patched as Mesos patches the library of $tarball.
# Sets $folder, which is named by $1 and the patch, and shared by all releases that have the same ones.
unpack() {
  local patch=${tarball%.tar.gz}.patch
  folder=$cache/libraries/$1
  if has "$patch"; then
    folder+=-$(git --git-dir="$mesos" rev-parse --short "$commit:$patch")
  fi
  if [[ -d $folder ]]; then
    return
  fi
  rm -rf "$folder.new"
  mkdir -p "$folder.new"
  "${@:2}" | tar -x -C "$folder.new" --strip-components=1
  if has "$patch"; then
    show "$patch" | patch --silent --directory="$folder.new" --strip=1
  fi
  mv "$folder.new" "$folder"
}

# Unpacks $tarball. Releases bundle different files by the same name, so the folder's name has the file's object ID.
unpack_tarball() {
  unpack "$(basename "$tarball" .tar.gz)-$(git --git-dir="$mesos" rev-parse --short "$commit:$tarball")" print_tarball
}

print_tarball() {
  show "$tarball" | gunzip
}

# Adds the headers of the library $1, which are in its folder $2, if $commit bundles it.
add_library() {
  local folder tarball
  if find_tarball "$1"; then
    unpack_tarball
    includes+=("$folder${2:+/$2}")
  elif [[ -n $tarball ]]; then
    fail "$revision bundles $tarball, but $mesos lacks that file. Clone Mesos whole, without a filter."
  fi
}

# Some releases of ClusterD download boost when they are built.
add_boost() {
  boost=$(library boost)
  if [[ -n $boost ]]; then
    add_library boost
    return
  fi
  includes_file boost/functional/hash.hpp ||
    fail "$revision bundles no boost, and no other is installed. Install libboost-dev."
  boost="$(echo BOOST_LIB_VERSION | "$COMPILER" -E -P -x c++ -include boost/version.hpp - | tail -n 1 | tr -d '"' |
    tr _ .) (installed)"
}

# glog's headers are templates that its configure or CMake fills in. These are its answers on Linux, without gflags,
# which Mesos does without.
add_glog() {
  local template folder
  glog=$(library glog)
  add_library glog src
  for template in "${includes[-1]}"/glog/*.h.in; do
    sed -e 's/@ac_cv_have_libgflags@/0/' -e 's/@ac_cv_have_[a-z0-9_]*@/1/' -e 's/@ac_cv_cxx_using_operator@/1/' \
      -e 's/@ac_cv_cxx11_[a-z_]*@/1/g' \
      -e 's/@ac_google_start_namespace@/namespace google {/' -e 's/@ac_google_end_namespace@/}/' \
      -e 's/@ac_google_namespace@/google/g' -e 's/@ac_cv___attribute___noinline@/__attribute__((noinline))/' \
      -e 's/@ac_cv___attribute___noreturn@/__attribute__((noreturn))/' \
      -e 's/@ac_cv___attribute___printf_4_5@/__attribute__((format(printf, 4, 5)))/' \
      "$template" >"${template%.in}"
  done
  # CMake's generate_export_header makes it, since glog 0.6.
  printf '#define GLOG_%s\n' EXPORT NO_EXPORT DEPRECATED >"${includes[-1]}/glog/export.h"
}

# The release's own protobuf where its headers and its protoc can be had: generated code fits one version only.
# Otherwise the one that is installed, which is newer than any Mesos; Mesos can be built with that, too.
add_protobuf() {
  local folder='' tarball number
  protobuf=$(library protobuf)
  number=${protobuf#protobuf-}
  if [[ $protobuf_source == installed ]]; then
    :
  elif find_tarball protobuf; then
    unpack_tarball
  elif [[ -n $protobuf_source ]]; then
    git --git-dir="$protobuf_source" rev-parse --quiet --verify "v$number^{commit}" >/dev/null ||
      fail "$protobuf_source (--protobuf) has no tag v$number, which $revision needs; fetch it."
    unpack "protobuf-$number-git" git --git-dir="$protobuf_source" archive --prefix=protobuf/ "v$number" src
  fi
  if [[ -n $folder ]] && fetch_protoc "$number"; then
    includes+=("$folder/src")
    imports=(-I "$folder/src")
    return
  fi
  { type -P protoc >/dev/null && includes_file google/protobuf/message.h; } ||
    fail "the headers or the protoc of $protobuf, which $revision bundles, cannot be had, and no other is installed." \
      "Install protobuf-compiler and libprotobuf-dev, or name a repository with --protobuf."
  protoc=protoc
  imports=()
  protobuf="$(protoc --version | sed 's/libprotoc /protobuf-/') (installed)"
}

# Gets the protoc of version $1 that Maven Central has for this kind of machine. Sets $protoc.
fetch_protoc() {
  local machine
  machine=$(uname -m)
  machine=linux-${machine/aarch64/aarch_64} # as Maven writes it
  protoc=$cache/protoc/protoc-$1-$machine.exe
  if [[ ! -x $protoc ]]; then
    run_maven --quiet -Dstyle.color=never dependency:copy "-Dartifact=com.google.protobuf:protoc:$1:exe:$machine" \
      "-DoutputDirectory=$cache/protoc" >"$cache/protoc.log" 2>&1 && chmod +x "$protoc" || return 1
  fi
  "$protoc" --version >/dev/null
}

# The messages of the public .proto files, beside them, as they are installed. The API v1 for schedulers is not needed.
generate_messages() {
  local files
  mapfile -t files < <(cd "$release/include" && find mesos -name '*.proto' -not -path 'mesos/v1/*' | sort)
  (cd "$release/include" && "$protoc" -I . "${imports[@]}" --cpp_out=. "${files[@]}") >"$release/protoc.log" 2>&1 ||
    fail "protoc of $protobuf refuses the messages of $revision: $(grep -v warning "$release/protoc.log" | head -n 1)"
}
