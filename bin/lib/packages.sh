# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC1091,SC2034
# Installs what the machine lacks, or says what that is. Sourced; needs jdk.sh.
source "$(dirname "${BASH_SOURCE[0]}")/interruptible.sh"

# One line for each thing that is needed: the Debian package, then programs or files any of which shows that it is
# there, wherever it came from.
readonly BUILD_NEEDS='
gcc cc
libc6-dev /usr/include/stdio.h
cmake cmake
ninja-build ninja make
libjansson-dev /usr/include/jansson.h /usr/local/include/jansson.h
maven mvn
util-linux unshare
e2fsprogs mkfs.ext4'
readonly TEST_NEEDS='
g++ c++
clang-format clang-format
xfsprogs mkfs.xfs
mount mount
rclone rclone
fuse3 fusermount3'

# Prints the newest JDK package that apt knows and that builds the project.
newest_jdk_package() {
  local name version newest=0
  while read -r name _; do
    version=${name#openjdk-}
    version=${version%-jdk-headless}
    if [[ $version =~ ^[0-9]+$ ]] && ((version >= BUILD_JDK && version > newest)); then
      newest=$version
    fi
  done < <(apt-cache search --names-only '^openjdk-[0-9]+-jdk-headless$')
  ((newest > 0)) && echo "openjdk-$newest-jdk-headless"
}

# True when one of $@, each a program's name or an absolute path, is there.
has_any() {
  local proof
  for proof; do
    if [[ -e $proof ]] || type -P "$proof" >/dev/null; then
      return 0
    fi
  done
  return 1
}

# Makes sure that everything in the lists $@ and a JDK are there.
require_packages() {
  local need lacks missing=() jdk='' PATH=$PATH:/usr/sbin:/sbin
  while read -r -a need; do
    ((${#need[@]} == 0)) || has_any "${need[@]:1}" || missing+=("${need[0]}")
  done <<<"$(printf '%s\n' "$@")"
  find_java "$BUILD_JDK" javac >/dev/null 2>&1 || jdk="a JDK $BUILD_JDK or newer"
  if ((${#missing[@]} == 0)) && [[ -z $jdk ]]; then
    return 0
  fi
  lacks="${missing[*]}${jdk:+${missing:+ and }$jdk}"

  if ((EUID != 0)) || ! type -P apt-get >/dev/null; then
    echo "The build lacks $lacks. Install it (the names are Debian's packages)," \
      "or run this as root on Debian or Ubuntu, where it installs them itself." >&2
    return 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  echo "Installing $lacks" >&2
  interruptible --gently apt-get update -qq >&2
  if [[ -n $jdk ]]; then
    if ! jdk=$(newest_jdk_package); then
      echo "No JDK $BUILD_JDK or newer is installed, and this distribution has no package of one." \
        "Unpack one (for example Temurin 25) below /usr/lib/jvm or /opt, or set DVDI_JAVA_HOME to its home." >&2
      return 1
    fi
    missing+=("$jdk")
  fi
  interruptible --gently apt-get install -qq --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >&2
}
