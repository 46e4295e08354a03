# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Prepares a virtual machine in $folder for src/test/bin/in-kernel, and runs tests in it. Sourced; needs jdk.sh and
# interruptible.sh, and the function fail.

# What the machine starts from, and what the tests mount. The kernel of some processors has a part of it built in.
readonly MODULES=(virtio_pci virtio_console 9pnet_virtio 9p overlay loop crc32c_generic ext4 xfs fuse)

# Prints the file names of the module $2 of the kernel in $1 and of those that it needs, in the order in which they load.
load_order() {
  awk -v name="$2.ko" '
    { file = $1; sub(/:$/, "", file); sub(/.*\//, "", file) }
    file == name || file == name ".xz" {
      for (i = NF; i > 1; i--) { sub(/.*\//, "", $i); print $i }
      print file
    }' "$1/modules.dep"
}

# Makes vmlinuz, initramfs, processor and version in $folder from the kernel package $1. $2 is a static busybox for this
# computer, $3 one for the machine, whose processor is $4.
prepare_machine() {
  local package=$1 busybox=$2 its_busybox=$3 processor=$4 root=$work/kernel modules version module
  mkdir -p "$root" "$work"/initramfs/{bin,modules}
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root"
  [[ -e $root/lib ]] || ln -s usr/lib "$root/lib" # since Debian 13
  modules=$(echo "$root"/lib/modules/*)
  version=${modules##*/}
  [[ -f $root/boot/vmlinuz-$version ]] || fail "$package is not the package of a kernel."
  "$busybox" depmod -b "$root" "$version"

  for module in "${MODULES[@]}"; do
    load_order "$modules" "$module"
  done | awk '!seen[$0]++' >"$work/modules"
  while read -r module; do
    find "$modules" -name "$module" -exec cp {} "$work/initramfs/modules/" \;
  done <"$work/modules"
  [[ -z $(find "$work/initramfs/modules" -name '*.xz') ]] || "$busybox" unxz "$work"/initramfs/modules/*.xz
  sed 's/\.xz$//' "$work/modules" >"$work/initramfs/modules/order"
  cp "$its_busybox" "$work/initramfs/bin/busybox"
  cp src/test/bin/kernel-init "$work/initramfs/init"
  (cd "$work/initramfs" && find . | "$busybox" cpio -o -H newc 2>/dev/null) >"$folder/initramfs"
  cp "$root/boot/vmlinuz-$version" "$folder/vmlinuz"
  echo "$processor" >"$folder/processor"
  echo "$version" >"$folder/version"
}

# True when the machine is there and neither its init nor the scripts $@ were edited since.
is_prepared() {
  local source
  for source in src/test/bin/kernel-init bin/lib/machine.sh "$@"; do
    [[ $folder/version -nt $source ]] || return 1
  done
}

# Runs the tests $1, in the syntax of failsafe's it.test, in the machine. Prints a line for each class when it has ended.
# The JVM shares classes and compiles quickly rather than well, which matters where the processor is emulated.
run_tests() {
  DVDI_TEST_KERNEL=$folder run_maven -Dstyle.color=never -Djacoco= -DexcludedTests=none -Dit.test="$1" \
    -Dtest.jvm='--enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1' failsafe:integration-test failsafe:verify 2>&1 |
    tee "$folder/maven.log" |
    sed -un 's/^\[.*\] \(Tests run: .*\), Time elapsed: \(.*\) s .*-- in \(.*\)$/\3: \1, \2 s/p'
}

# Compiles the tests, runs them and prints what failed and how many passed. $1 are tests as for run_tests; if it is
# empty, the patterns $2... are run, and each must have run. Fails unless all have passed, under the machine's kernel.
test_in_machine() {
  local test=$1 patterns=("${@:2}") pattern version status=0
  version=$(<"$folder/version")
  interruptible run_maven -q -Dstyle.color=never -DskipTests -Dformat=skip test-compile
  rm -rf target/failsafe-reports
  echo "Running the tests under Linux $version; the logs are in $folder" >&2
  interruptible run_tests "${test:-$(IFS=,; echo "${patterns[*]}")}" || status=$?

  if ! compgen -G 'target/failsafe-reports/TEST-*.xml' >/dev/null; then
    echo "No test has run. The end of $folder/maven.log and of console.log:" >&2
    tail -n 15 "$folder/maven.log" >&2
    tail -n 15 "$folder/console.log" >&2
    return 1
  fi
  if [[ -z $test ]]; then
    for pattern in "${patterns[@]}"; do
      compgen -G "target/failsafe-reports/TEST-${pattern//\//.}.xml" >/dev/null || fail "there is no test $pattern."
    done
  fi
  # The tests themselves say which kernel they have run under. What was skipped has not passed.
  awk -v version="$version" -v status="$status" '
    /<property name="os.version"/ { if (index($0, "value=\"" version "\"") == 0) elsewhere++; reports++ }
    /<testcase / { ran++; match($0, / name="[^"]*"/); name = substr($0, RSTART + 7, RLENGTH - 8)
      match($0, / classname="[^"]*"/); class = substr($0, RSTART + 12, RLENGTH - 13) }
    /<skipped[ >\/]/ { skipped++ }
    /<(failure|error)[ >]/ { failed++; print "FAILED " class "#" name }
    END {
      passed = ran - skipped - failed
      printf "Linux %s: %d passed, %d failed, %d skipped\n", version, passed, failed, skipped
      if (elsewhere > 0 || reports == 0) print "The tests ran under another kernel."
      exit status != 0 || failed > 0 || passed == 0 || elsewhere > 0 || reports == 0
    }' target/failsafe-reports/TEST-*.xml
}
