// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.cli.BinDvdi.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** bin/dvdi run without loop devices, and beside another run. */
class DvdiRunIT extends DvdiProgramFixture {
  @Test
  void aMachineWithoutLoopDevicesIsToldBeforeAFileSystemIsMade() throws Exception {
    // A /dev that has what a task needs, and no more.
    dvdi.tool(
        "without-loop",
        """
        mount -t tmpfs none /dev
        mknod -m 666 /dev/null c 1 3; mknod -m 666 /dev/random c 1 8; mknod -m 666 /dev/urandom c 1 9
        ln -s /proc/self/fd /dev/fd
        exec "$@"
        """);
    dvdi.before(
        "unshare", "--mount", "--propagation", "private", "--", dvdi.tools + "/without-loop");

    Run run = dvdi.run("run", state(), app);

    assertEquals(1, run.status(), run::toString);
    assertTrue(
        run.err()
            .contains(
                "this machine has no loop devices, which a file system in a file needs"
                    + " (/dev/loop-control cannot be opened: ENOENT); load the kernel's module with"
                    + " `modprobe loop`"),
        run::toString);
    assertFalse(run.out().contains("it ran"), run::toString);
    assertFalse(Files.exists(mounts.folder().resolve("state/volumes/v/image")));

    // What needs none runs.
    run = dvdi.run("run", state(), app("memory", "local", "type=tmpfs"));
    assertEquals(0, run.status(), run::toString);
    assertEquals("it ran\n", run.out());
  }

  @Test
  void oneStateFolderIsForOneRunAtATime() throws Exception {
    Path slow =
        Files.writeString(
            mounts.folder().resolve("slow.json"),
            "{\"id\": \"slow\", \"cmd\": \"echo runs; sleep 1000\"}");
    Run first = dvdi.start("run", state(), slow.toString());
    first.await("the task runs", () -> first.out().contains("runs"));

    Run second = dvdi.run("run", state(), app);
    assertEquals(1, second.status(), second::toString);
    assertEquals(
        "dvdi: error: The folder %s/state/agent is in use by another agent, process %d. Wait until that has ended, or choose another --state-dir.\n"
            .formatted(mounts.folder(), first.process().pid()),
        second.err());

    Run beside = dvdi.run("run", "--state-dir=" + mounts.folder().resolve("other"), app);
    assertEquals(0, beside.status(), beside::toString);
    assertEquals("it ran\n", beside.out());
    assertTrue(first.process().isAlive(), first::toString);
    first.signal("INT", true);
    assertEquals(130, first.status(), first::toString);
    assertEquals(List.of(), dvdi.processes());
  }
}
