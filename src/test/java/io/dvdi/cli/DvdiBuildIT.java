// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.cli.BinDvdi.Run;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** When bin/dvdi builds, and what it checks before. */
class DvdiBuildIT extends DvdiProgramFixture {
  @Test
  void aPlanNeedsNothingWritten() throws Exception {
    withoutMaven();
    mountReadOnly();
    Run run = dvdi.run("plan", app);
    assertEquals(0, run.status(), run::toString);
    assertTrue(run.out().contains(" size=1\n"), run::toString);
    assertEquals("", run.err());
  }

  @Test
  void aBuildThatCannotBeMadeAnewIsUsedAsItIs() throws Exception {
    withoutMaven();
    dvdi.checkout.edit();
    mountReadOnly();
    Run run = dvdi.run("plan", app);
    assertEquals(0, run.status(), run::toString);
    assertTrue(run.err().startsWith("dvdi: warning: sources in "), run::toString);
    assertNothingWasBuilt();
  }

  @Test
  void whatCannotBeBuiltWhereItIsHasToBeCopied() throws Exception {
    withoutMaven();
    dvdi.checkout.clean();
    mountReadOnly();
    Run run = dvdi.run("plan", app);
    assertEquals(1, run.status(), run::toString);
    String checkout = dvdi.checkout.path("").toString();
    assertEquals(
        "dvdi: %1$s is not built yet, and cannot be built where it is, since %1$s/target cannot be written. Copy %1$s to a folder that you can write to, and run bin/dvdi there.\n"
            .formatted(checkout),
        run.err());
    assertNothingWasBuilt();
  }

  @Test
  void anAppThatIsNotThereIsSaidBeforeTheBuild() throws Exception {
    withoutMaven();
    dvdi.checkout.clean();
    Run run = dvdi.run("run", state(), "missing.json");
    assertEquals(2, run.status(), run::toString);
    assertEquals(
        "dvdi: there is no file missing.json. Name the JSON file of a Marathon app.\n", run.err());
    assertNothingWasBuilt();
  }

  @Test
  void whoMayNotMountIsToldBeforeTheBuild() throws Exception {
    withoutMaven();
    dvdi.checkout.clean();
    dvdi.before("setpriv", "--bounding-set=-sys_admin");
    Run run = dvdi.run("run", state(), app);
    assertEquals(2, run.status(), run::toString);
    assertEquals(
        "dvdi: the kernel does not let this process mount file systems (Operation not permitted)."
            + " In a container, start that with the capability CAP_SYS_ADMIN (docker run"
            + " --privileged).\n",
        run.err());
    assertNothingWasBuilt();
    assertFalse(Files.exists(mounts.folder().resolve("state")));

    asNobody();
    run = dvdi.run("run", app);
    assertEquals(2, run.status(), run::toString);
    assertEquals(
        "dvdi: mounting volumes needs root. Try: sudo bin/dvdi run '" + app + "'\n", run.err());
    assertNothingWasBuilt();
  }
}
