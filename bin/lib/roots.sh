# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Makes root file systems of distributions. Sourced.

# Prints the mirror that apt takes Debian itself from (not its security archive, which holds updates only).
debian_mirror() {
  if [[ -n ${DEBIAN_MIRROR:-} ]]; then
    echo "$DEBIAN_MIRROR"
  elif type -P apt-get >/dev/null; then
    # sed reads to the end: a reader that stops early would end apt-get by SIGPIPE.
    # shellcheck disable=SC2016 # the dollar is apt's
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | sed -n 1p
  fi
}

# Runs debootstrap with $2... for the new root $1. It shows its last lines, and fails, when debootstrap does.
bootstrap() {
  local root=$1 log=$1.log
  # debootstrap mounts proc and sys in the new root. In a mount namespace of its own these go when it ends, however it
  # ends, and nobody who deletes the root can walk into them.
  if unshare --mount --propagation private -- debootstrap --variant=minbase "${@:2}" >"$log" 2>&1; then
    rm -f -- "$log" "$root"/var/cache/apt/archives/*.deb
    return
  fi
  tail -n 15 "$log" >&2
  [[ ! -f $root/debootstrap/debootstrap.log ]] || tail -n 15 "$root/debootstrap/debootstrap.log" >&2
  rm -f -- "$log"
  return 1
}

# Makes target/roots/$1, which is kept, unless it is there: the release $2 of Debian with the packages $3.
keep_root() {
  local root=$PWD/target/roots/$1
  [[ ! -e $root.made ]] || return 0
  rm -rf -- "$root"
  mkdir -p "$root"
  echo "Making an empty $1" >&2
  bootstrap "$root" --include="$3" "$2" "$root" "$(debian_mirror)"
  touch "$root.made"
}

# Lets the root $1 reach and trust what this machine does.
trust_as_here() {
  cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
  apt-config dump | grep -E '^Acquire::(http|https|Check)' >"$1/etc/apt/apt.conf.d/99host" || true
  if [[ -d /usr/local/share/ca-certificates ]]; then
    cp -r /usr/local/share/ca-certificates "$1/usr/local/share/"
  fi
}
