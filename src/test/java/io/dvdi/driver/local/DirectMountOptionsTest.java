// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The types and mount options that tasks may use, and the errors for others. */
class DirectMountOptionsTest extends DirectMountsFixture {
  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "ext4", "nfs", "cifs"})
  void bindGoesWithNoOtherType(String type) {
    String refusal =
        volumes.refusal("bound", "type", type, "o", "bind", "device", allowed.toString());

    assertTrue(refusal.contains("bind in o cannot be combined with the type " + type), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proc",
        "sysfs",
        "overlay",
        "devtmpfs",
        "cgroup2",
        "bpf",
        "fuse",
        "9p",
        "EXT4",
        "secret42"
      })
  void typesThatShowMoreThanAVolumeAreRefused(String type) {
    String refusal =
        volumes.refusal("x", "type", type, "device", allowed.toString(), "o", "a=secret42");

    assertTrue(refusal.contains("the option type is not one of [btrfs, cifs, ext2"), refusal);
    assertFalse(refusal.contains("secret42"), refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "nfs, mountaddr=secret42",
    "nfs, clientaddr=secret42",
    "nfs, ip=secret42",
    "nfs, context=secret42",
    "cifs, source=secret42",
    "cifs, unc=secret42",
    "cifs, prefixpath=secret42",
    "cifs, credentials=secret42",
    "cifs, sep=secret42",
    "cifs, servern=secret42",
    "xfs, logdev=secret42",
    "xfs, rtdev=secret42",
    "ext4, journal_path=secret42",
    "ext4, journal_dev=secret42",
    "ext4, errors=panic",
    "ext3, errors=panic",
    "btrfs, device=secret42",
    "btrfs, fatal_errors=panic",
    "vfat, errors=panic",
    "tmpfs, fscontext=secret42",
    "tmpfs, mpol=secret42",
    "tmpfs, SIZE=secret42",
    "tmpfs, ' size=secret42'",
    "none, size=secret42",
    "none, rootcontext=secret42"
  })
  void optionsThatReachBeyondTheVolumeAreRefused(String type, String option) {
    String name = option.substring(0, option.indexOf('='));

    String refusal =
        volumes.refusal(
            "x",
            "type",
            type,
            "device",
            "x",
            "o",
            (type.equals("none") ? "bind," : "ro,") + option);

    assertTrue(
        refusal.contains("the mount option '" + name + "' in o is not allowed with the type"),
        refusal);
    assertFalse(refusal.contains("secret42") || refusal.contains("panic"), refusal);
  }

  @Test
  void aWordThatIsNoOptionIsNotShown() {
    String refusal = volumes.refusal("x", "type", "tmpfs", "o", "ro,size=1m,secret42");

    assertTrue(
        refusal.contains("the mount option number 3 in o is not allowed with the type tmpfs"),
        refusal);
    assertFalse(refusal.contains("secret42"), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"password=a,secret42", "pass=a,ro,secret42=b", "password=a,,ip=secret42="})
  void theRestOfAPasswordIsNotTakenForAName(String o) {
    String refusal =
        volumes.refusal("x", "type", "cifs", "device", "//nas/share", "o", o + ",secret42");

    assertFalse(refusal.contains("secret42"), refusal);
    assertTrue(refusal.contains("a password cannot contain a comma"), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nfs  | nas.example:/export | vers=4.1,hard,timeo=600,retrans=2,rsize=1048576,nolock,noac",
        "cifs | //nas/share         | username=u,password=p,domain=d,vers=3.0,uid=1,file_mode=0600"
      })
  void theUsualOptionsArePossible(String type, String device, String o) {
    volumes.check("x", "type", type, "device", device, "o", o);
  }

  @Test
  void aFailedMountShowsNoMountOption() throws Exception {
    String failure =
        volumes.failure(
            "x", "type", "tmpfs", "device", "secret42", "o", "size=secret42,mode=secret42");

    assertTrue(failure.contains("EINVAL"), failure);
    assertFalse(failure.contains("secret42"), failure);
    volumes.assertNothingMounted();
  }
}
