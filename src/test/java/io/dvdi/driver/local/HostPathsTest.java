// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import io.dvdi.volume.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Volumes whose name is a path of the host, as in files for Docker Compose. */
class HostPathsTest {
  @RegisterExtension final RealMounts mounts = new RealMounts();
  private Path shared;
  private LocalVolumes volumes;

  @BeforeEach
  void folders() throws Exception {
    shared = mounts.newFolder("srv/my data%");
    Files.writeString(shared.resolve("file"), "from the host");
    volumes = new LocalVolumes(mounts, true, mounts.folder().resolve("srv") + "/");
  }

  @Test
  void oneThatTheOperatorAllowsIsThatFolder() throws Exception {
    String name = shared.toString();
    Path mountpoint =
        volumes.folder.resolve(name.replace("%", "%25").replace("/", "%2F")).resolve("mount");

    assertEquals(Existence.EXISTS, volumes.ask(name).existence());
    assertEquals(new Succeeded(mountpoint.toString(), false, true), volumes.mount(name));
    assertEquals("from the host", Files.readString(mountpoint.resolve("file")));
    MountTable.Line line = volumes.line(mountpoint);
    assertTrue(
        line.options().contains("nosuid") && line.options().contains("nodev"), line::toString);

    volumes.unmount(name);
    volumes.assertNothingMounted();
    assertTrue(Files.exists(shared.resolve("file")));
  }

  @Test
  void anotherIsRefusedWithTheParameterThatAllowsIt() throws Exception {
    mounts.newFolder("srv2");
    for (String path : new String[] {"/etc", mounts.folder() + "/srv2", "/", shared + "/../../x"}) {
      String refusal = volumes.refusal(path);
      assertEquals(
          LocalVolumes.id(path)
              + ": tasks may not use this folder, device or server; the operator can allow it with"
              + " the parameter local_devices (now: "
              + mounts.folder()
              + "/srv/)",
          refusal);
    }
    assertTrue(new LocalVolumes(mounts, true).refusal("/srv").endsWith("(now: none)"));
    assertFalse(Files.exists(volumes.folder));
  }

  @Test
  void aLinkOutOfWhatIsAllowedIsNotFollowed() throws Exception {
    Path link = Files.createSymbolicLink(mounts.folder().resolve("srv/link"), Path.of("/etc"));

    String failure = volumes.failure(link.toString());

    assertEquals("a link leads to a path that the parameter local_devices does not allow", failure);
    volumes.assertNothingMounted();
  }

  /** The driver's own locks have the names of volumes. */
  @Test
  void aLockOfTheHostsFolderHasNothingToDoWithIt() throws Exception {
    Process holder =
        new ProcessBuilder(
                "flock", "--no-fork", shared.toString(), "sh", "-c", "echo held; exec sleep 600")
            .start();
    try {
      assertEquals("held", holder.inputReader().readLine());

      assertEquals(Existence.EXISTS, volumes.ask(shared.toString()).existence());
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void oneThatDoesNotExistIsNotMade() throws Exception {
    Path missing = mounts.folder().resolve("srv/missing");

    assertEquals(
        "the device or folder cannot be opened (ENOENT)", volumes.failure(missing.toString()));
    assertFalse(Files.exists(missing));
    volumes.assertNothingMounted();
  }

  @Test
  void itHasNoOptionsAndNoDefaultOptions() {
    String name = shared.toString();

    String refusal = volumes.refusal(name, "size", "1");

    assertTrue(
        refusal.contains("a volume whose name is a path of the host has no options; remove them"),
        refusal);
    assertEquals(Options.NONE, volumes.withDefaults(name, Options.NONE, "size", "1"));
  }

  @Test
  void itsFolderHasAFileName() {
    assertTrue(volumes.refusal(shared + "/" + "n".repeat(255)).contains("at most 255"));
  }
}
