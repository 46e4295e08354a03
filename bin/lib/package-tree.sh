# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Makes the files of a package. Sourced; needs a build in target/dist.

# What the jars need of Java: Jackson does not start without java.logging, and httpcore needs jdk.net for Unix sockets.
readonly RUNTIME_MODULES=java.base,java.logging,jdk.net

# The root file system in which C parts are built, and run for the first time: with the glibc of Debian 11 they need
# nothing newer.
readonly OLD_ROOT=$PWD/target/roots/build

# Headers of Mesos include curl's; some releases of ClusterD take boost from the system.
readonly OLD_ROOT_PACKAGES=gcc,g++,make,cmake,libcurl4-openssl-dev,libboost-dev

make_old_root() {
  if [[ $(cat "$OLD_ROOT.made" 2>/dev/null) != "$OLD_ROOT_PACKAGES" ]]; then
    rm -rf -- "$OLD_ROOT"
    mkdir -p "$OLD_ROOT"
    bootstrap "$OLD_ROOT" --include="$OLD_ROOT_PACKAGES" bullseye "$OLD_ROOT" "$(debian_mirror)"
    mkdir "$OLD_ROOT"/{src,jdk}
    echo "$OLD_ROOT_PACKAGES" >"$OLD_ROOT.made"
  fi
}

# Runs a command in that root. This checkout is its /src, the JDK $1 its /jdk, and the package $2 is in the folder $3.
in_old_root() {
  mkdir -p "$OLD_ROOT$3"
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount --pid --fork --propagation private -- bash -c '
    root=$1
    # The propagation of a root can be changed only if it is a mount.
    mount --bind "$root" "$root" && mount --bind "$PWD" "$root/src" && mount --bind "$2" "$root/jdk" &&
      mount --bind "$3" "$root$4" &&
      mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs tmpfs "$root/tmp" &&
      exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DVDI_JAVA_HOME=/jdk "${@:5}"
  ' bash "$OLD_ROOT" "$@"
}

# Runs a command as in_old_root does, and shows its last lines if it fails. Its log is target/$1.
logged_in_old_root() {
  local log=target/$1
  in_old_root "${@:2}" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    return 1
  }
}

# Prints the home of the JDK whose Java is packed: the newest that is here, if that runs with an old glibc. The JDK of a
# distribution does not. In its place Temurin's is downloaded.
find_portable_jdk() {
  local home
  home=$(find_java 25 jlink 2>/dev/null) || true
  if [[ -z $home ]] || ! bin/lib/check-symbols --strict cc "$home/lib/server/libjvm.so" >/dev/null 2>&1; then
    bin/lib/download-jdk || return
    home=$(printf '%s\n' "$JDK_CACHE"/*/bin/jlink | sort --version-sort | tail -n 1)
    home=${home%/bin/jlink}
  fi
  echo "$home"
}

# Fills the folder $1, with the Java of the JDK $2, and the libraries for the Mesos in $mesos_sources[@]. $3 is the version.
make_tree() {
  local tree=$1 jdk=$2 version=$3 libraries library=libmesos_dvdi_isolator-embedded.so
  mkdir -p "$tree/bin/lib"
  cp -r target/dist/lib "$tree/"
  make_old_root
  rm -rf -- target/package-c target/package-benchmarks target/package-mesos
  logged_in_old_root package-c.log "$jdk" "$tree" /tree \
    /src/bin/lib/build-c /src/target/package-c -DDVDI_BUILD_TESTS=OFF
  logged_in_old_root package-benchmarks.log "$jdk" "$tree" /tree /src/bin/lib/build-c \
    --source /src/benchmarks/src/main/c /src/target/package-benchmarks
  cp target/package-c/libmesos_dvdi_isolator-embedded.so "$tree/lib/"
  cp target/package-c/dvdi-{agent,bind} "$tree/lib/dvdi/"
  cp bin/dvdi bin/dvdcli packaging/versions "$tree/bin/"
  # The host's own Bash, whatever the PATH of the caller is.
  sed -i '1s,/usr/bin/env bash,/bin/bash,' "$tree"/bin/dvd*
  cp bin/lib/{build,help,jdk,packages,interruptible}.sh "$tree/bin/lib/"
  cp -r examples modules.json.example LICENSE "$tree/"
  echo "$version" >"$tree/version"
  ((${#mesos_sources[@]} == 0)) || build_libraries "$jdk" "$tree/lib"
  # An operator copies it, and changes only parameters.
  mapfile -t libraries < <(find "$tree/lib" -name 'libmesos_dvdi_isolator-[0-9]*.so' -printf '%f\n')
  ((${#libraries[@]} != 1)) || library=${libraries[0]}
  sed -i "s,/usr/lib/libmesos_dvdi_isolator-embedded.so,/usr/lib/dvdi/current/lib/$library," "$tree/modules.json.example"
  # Not --compress: the package is compressed as a whole, which makes it smaller.
  "$jdk/bin/jlink" --add-modules "$RUNTIME_MODULES" --strip-debug --vm=server --no-header-files --no-man-pages \
    --output "$tree/lib/dvdi/runtime"
  find "$tree/lib" -type f -exec grep -q $'^\x7fELF' {} \; \
    -exec strip --strip-unneeded --remove-section=.comment {} +
  find "$tree/lib" -type f ! -name '*-[0-9]*.so' -exec grep -l -q $'^\x7fELF' {} \; -print0 |
    xargs -0 bin/lib/check-symbols --strict cc
}

# Gives all files in the folder $1 the same times and rights wherever it was made. The archive of classes knows the times
# of the files that it was made from.
even_out() {
  chmod -R u=rwX,go=rX "$1"
  find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

# Prints the software in a package as a CycloneDX document: the jars, and the Java of the JDK $1.
print_sbom() {
  run_maven --quiet org.cyclonedx:cyclonedx-maven-plugin:makeBom >target/package-sbom.log 2>&1 || {
    tail -n 20 target/package-sbom.log >&2
    return 1
  }
  jq --from-file packaging/java.jq --rawfile release "$1/release" target/package-jars.cdx.json
}

# Prints the licences of the package $1 in Debian's format.
print_copyright() {
  local notice
  cat packaging/debian/copyright
  for notice in "$1"/lib/dvdi/runtime/legal/*/*.md; do
    echo " ${notice#"$1"/lib/dvdi/runtime/legal/}: $(sed -n '1s/^#* *//p' "$notice")"
  done
}

# Fills the folder $1, which is /usr/share of the package $2 with the Java of the JDK $3.
make_share() {
  local share=$1 tree=$2 jdk=$3 page
  for page in packaging/man/*; do
    install -D -m 644 "$page" "$share/man/man${page##*.}/${page##*/}"
  done
  find "$share/man" -type f -exec gzip -9 --no-name {} +
  install -D -m 644 packaging/bash-completion/dvdi "$share/bash-completion/completions/dvdi"
  mkdir -p "$share/doc/dvdi"
  cp CHANGELOG.md "$share/doc/dvdi/"
  print_copyright "$tree" >"$share/doc/dvdi/copyright"
  print_sbom "$jdk" >"$share/doc/dvdi/dvdi.cdx.json"
}

# Prints the folder in which an installed package is, which is the same for each installation of this build.
installed_folder() {
  DVDI_LIB=${1%/package} "$1/bin/versions" folder
}

# Runs tasks with the package $1, and stores what Java has loaded for them in dvdi.jsa (CDS). Java uses it only if
# the options and the paths are the same. So that is done by the very library that an agent loads, with the package in
# the folder in which it will be.
train() {
  local tree=$1 jdk=$2 folder
  folder=$(installed_folder "$tree")
  folder=/usr/lib/dvdi/${folder#"${tree%/package}/"}
  logged_in_old_root package-train.log "$jdk" "$tree" "$folder" /src/packaging/train "$folder"
  [[ -s $tree/lib/dvdi/dvdi.jsa ]]
}
