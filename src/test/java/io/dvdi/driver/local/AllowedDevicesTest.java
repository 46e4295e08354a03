// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The folders and servers that the parameter local_devices allows, and others. */
class AllowedDevicesTest extends DirectMountsFixture {
  @ParameterizedTest
  @ValueSource(
      strings = {"/etc", "/", "%sx", "%s/../x", "%s/..", "%s/a/../../..", "relative", ".."})
  void otherFoldersAreRefusedBeforeAnythingIsTouched(String device) {
    String refusal =
        volumes.refusal("bound", "type", "none", "o", "bind", "device", device.formatted(allowed));

    assertTrue(refusal.contains("tasks may not use this folder"), refusal);
    assertTrue(refusal.contains("parameter local_devices (now: " + allowed), refusal);
    assertFalse(Files.exists(volumes.folder));
  }

  @Test
  void withoutAllowedDevicesNoneIs() {
    String refusal =
        new LocalVolumes(mounts, false)
            .refusal("bound", "type", "none", "o", "bind", "device", "/srv");

    assertTrue(refusal.contains("(now: none)"), refusal);
  }

  @Test
  void aLinkThatLeadsOutOfAnAllowedFolderIsRefused() throws Exception {
    Files.createSymbolicLink(allowed.resolve("link"), Path.of("/etc"));
    Files.createDirectories(allowed.resolve("inside/a"));
    Files.createSymbolicLink(allowed.resolve("fine"), allowed.resolve("inside"));

    for (String device : new String[] {"link", "link/ssl"}) {
      String failure =
          volumes.failure(
              "bound", "type", "none", "o", "bind", "device", allowed.resolve(device).toString());
      assertTrue(failure.contains("leads to a path"), failure);
      assertTrue(failure.contains("local_devices"), failure);
    }
    volumes.assertNothingMounted();

    assertEquals(
        volumes.mountpoint("bound").toString(),
        bind(allowed.resolve("fine/a").toString(), "bind").path());
  }

  @ParameterizedTest
  @CsvSource({
    "nfs, nas.example:/export, true",
    "nfs4, nas.example:/export/pg, true",
    "nfs, nas.example:/exports, false",
    "nfs, nas.example:/export/../etc, false",
    "nfs, nas.example.org:/export, false",
    "nfs, :/export, false",
    "cifs, //nas/share, true",
    "cifs, //nas.evil/share, false",
    "cifs, //nas/share/../other, false",
    "ext4, /dev/vda, false",
    "ext4, nas.example:/export/x, false"
  })
  void serversAreForTheOperatorToAllow(String type, String device, boolean possible) {
    if (possible) {
      volumes.check("x", "type", type, "device", device);
    } else {
      String o = type.equals("ext4") ? "" : "addr=10.0.0.1";
      assertTrue(
          volumes
              .refusal("x", "type", type, "device", device, "o", o)
              .contains("tasks may not use this folder, device or server"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nfs, nas.example/export, device",
    "nfs, /srv:/export, device",
    "nfs4, nas.example:/export\\x, device",
    "cifs, nas.example:/export, device",
    "cifs, //nas, device",
    "cifs, ///share, device",
    "cifs, //nas\\evil/share, device",
    "nfs, :/export, the server is missing"
  })
  void aDeviceThatNamesNoServerIsRefused(String type, String device, String why) {
    String refusal =
        new LocalVolumes(mounts, false, "/", "//", ":/export")
            .refusal("x", "type", type, "device", device);

    assertTrue(refusal.contains(why), refusal);
    assertFalse(refusal.contains("tasks may not use this folder"), refusal);
  }

  @Test
  void aServersNameEndsWhereItEnds() {
    LocalVolumes dead = new LocalVolumes(mounts, false, "dead:");

    dead.check("x", "type", "nfs", "device", "dead:/export");
    assertTrue(
        dead.refusal("x", "type", "nfs", "device", "dead::1:/export")
            .contains("tasks may not use this folder"));
    assertTrue(
        dead.refusal("x", "type", "nfs", "device", ":/export", "o", "addr=dead::1")
            .contains("tasks may not use this folder"));
  }
}
