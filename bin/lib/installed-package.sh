# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Runs programs where a package is installed, without a change to the host. Sourced.

INSTALLED_PACKAGE_LIB=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
readonly INSTALLED_PACKAGE_LIB

# Unpacks the package $1, a .deb or an .rpm, into the folder $2, and does what its installation does.
unpack_package() {
  local package=$1 folder=$2
  rm -rf -- "$folder"
  mkdir -p "$folder"
  case $package in
    *.deb) dpkg-deb --extract "$package" "$folder" ;;
    *.rpm)
      if ! type -P rpm2archive >/dev/null; then
        echo "To unpack $package, rpm2archive is needed. Install the package rpm2cpio of Debian, or rpm elsewhere." >&2
        return 1
      fi
      rpm2archive - <"$package" | tar --extract --gzip --directory "$folder"
      ;;
    *)
      echo "$package is neither a .deb nor an .rpm." >&2
      return 1
      ;;
  esac || return
  if [[ ! -x $folder/usr/lib/dvdi/package/bin/versions ]]; then
    echo "$package is not a package of bin/package: it has no /usr/lib/dvdi/package." >&2
    return 1
  fi
  DVDI_LIB=$folder/usr/lib/dvdi "$folder/usr/lib/dvdi/package/bin/versions" switch
}

# Replaces this shell by the command $2..., which sees the package that is unpacked in the folder $1 in /usr/lib/dvdi.
# The build in target/dist is hidden from it. The mount namespace is its own.
exec_with_package() {
  # shellcheck disable=SC2016 # for the inner shell
  exec unshare --mount --propagation private -- bash -c '
    set -euo pipefail
    package=$1 dist=$2/../../target/dist
    shift 2
    if [[ ! -d /usr/lib/dvdi ]]; then
      # A folder to mount it on, which the host does not have and does not get.
      layers=$package/layers
      mkdir -p "$layers"
      mount -t tmpfs tmpfs "$layers"
      mkdir "$layers/upper" "$layers/work"
      # Relative paths, because a colon or a comma in a path would end it.
      if ! (cd "$layers" && mount -t overlay -o lowerdir=/usr/lib,upperdir=upper,workdir=work overlay /usr/lib); then
        echo "No overlay can be mounted on /usr/lib. Make the empty folder /usr/lib/dvdi on this host." >&2
        exit 1
      fi
      mkdir /usr/lib/dvdi
    fi
    mount --bind "$package/usr/lib/dvdi" /usr/lib/dvdi
    [[ ! -d $dist ]] || mount -t tmpfs -o ro tmpfs "$dist"
    exec "$@"
  ' bash "$1" "$INSTALLED_PACKAGE_LIB" "${@:2}"
}
