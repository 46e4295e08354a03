# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC1091,SC2034
# Installs what the machine lacks, or says what that is. Sourced; needs jdk.sh.

# build.sh sources it too, if there is something to build.
[[ -z ${PACKAGES_LIB:-} ]] || return 0
source "$(dirname "${BASH_SOURCE[0]}")/interruptible.sh"

readonly PACKAGES_LIB=${BASH_SOURCE[0]%/*}

# For LayoutTest, which compares the bindings with the C headers of both processors.
if [[ $(uname -m) == aarch64 ]]; then
  readonly OTHER_COMPILER='gcc-x86-64-linux-gnu x86_64-linux-gnu-gcc
libc6-dev-amd64-cross /usr/x86_64-linux-gnu/include/stdio.h'
else
  readonly OTHER_COMPILER='gcc-aarch64-linux-gnu aarch64-linux-gnu-gcc
libc6-dev-arm64-cross /usr/aarch64-linux-gnu/include/stdio.h'
fi

# One line for each thing that is needed: the Debian package, then programs or files any of which shows that it is
# there, wherever it came from.
readonly BUILD_NEEDS='
gcc cc
libc6-dev /usr/include/stdio.h
cmake cmake
ninja-build ninja make
maven mvn
util-linux unshare
mount mount
e2fsprogs mkfs.ext4'
readonly TEST_NEEDS="
$OTHER_COMPILER
g++ c++
xfsprogs mkfs.xfs
procps pgrep
curl curl
wget wget
rclone rclone
fuse3 fusermount3"
readonly PACKAGE_NEEDS='
debootstrap debootstrap
g++ c++
git git
jq jq
patch patch
rpm rpmbuild'
readonly PACKAGE_TEST_NEEDS='
debootstrap debootstrap
lintian lintian
rpmlint rpmlint'

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

# True when this can install packages.
has_apt() {
  ((EUID == 0)) && type -P apt-get >/dev/null
}

install_packages() {
  echo "Installing $*" >&2
  DEBIAN_FRONTEND=noninteractive \
    interruptible --gently apt-get install -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >&2
}

# Makes sure that everything in the lists $@ and a JDK are there.
require_packages() {
  local need missing=() jdk='' lacks_jdk='' PATH=$PATH:/usr/sbin:/sbin
  while read -r -a need; do
    ((${#need[@]} == 0)) || has_any "${need[@]:1}" || missing+=("${need[0]}")
  done <<<"$(printf '%s\n' "$@")"
  find_java "$BUILD_JDK" javac >/dev/null 2>&1 || lacks_jdk=yes
  if ((${#missing[@]} == 0)) && [[ -z $lacks_jdk ]]; then
    return 0
  fi

  if has_apt; then
    echo "Reading the lists of packages" >&2
    # Where this fails, so may what follows, which then says why.
    interruptible --gently apt-get update -qq >/dev/null 2>&1 || true
    if [[ -n $lacks_jdk ]]; then
      jdk=$(newest_jdk_package) || true
      if [[ -z $jdk && ${DVDI_JDK_MIRROR:-} != /* ]] && ! has_any curl wget; then
        missing+=(curl ca-certificates)
      fi
    fi
    if ((${#missing[@]} > 0)); then
      install_packages "${missing[@]}" || return
    fi
    if [[ -n $jdk ]] && install_packages "$jdk"; then
      lacks_jdk=''
    fi
  elif ((${#missing[@]} > 0)); then
    echo "The build lacks ${missing[*]}. Install these (the names are Debian's packages), or run this as root on Debian" \
      "or Ubuntu, where it installs them." >&2
    return 1
  fi
  [[ -z $lacks_jdk ]] || interruptible "$PACKAGES_LIB/download-jdk"
}
