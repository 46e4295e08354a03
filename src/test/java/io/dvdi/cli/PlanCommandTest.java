// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The volumes of apps as the command plan shows them. */
class PlanCommandTest extends AppCommandFixture {
  @Test
  void appsThatCannotRunSideBySideAreRefused() throws IOException {
    assertEquals(1, run("plan", file("a.json", PLAIN), file("b.json", PLAIN)));
    assertTrue(err.contains("b.json: id is already used by another app, /plain"), err);
  }

  @Test
  void planIsAnAlignedTable() throws IOException {
    assertEquals(0, run("plan", file("a", VARIABLES), file("b", CONTAINER), file("c", PLAIN)));
    assertEquals(
        """
        APP       VOLUME                DRIVER  TASK SEES IT AT               VARIABLE                 MODE  OPTIONS
        /shop/db  pg                    rexray  (its mountpoint on the host)  DVDI_VOLUME_MOUNTPOINT   RW    size=5 password=***
        /shop/db  lg                    local   $MESOS_SANDBOX/logs           DVDI_VOLUME_MOUNTPOINT1  RW    - (must exist)
        /web      w                     pxd     /data                         DVDI_VOLUME_MOUNTPOINT   RW    token=***
        /plain    (no external volume)  -       -                             -                        -     -
        """,
        out);
    assertEquals("", err);
  }

  @Test
  void planIsJsonOnDemand() throws IOException {
    assertEquals(
        0, run("plan", "--json", file("a", VARIABLES), file("b", CONTAINER), file("c", PLAIN)));
    assertEquals(
        tree(
            """
            [{"app": "/shop/db", "volumes": [
               {"name": "pg", "driver": "rexray", "variable": "DVDI_VOLUME_MOUNTPOINT", "mode": "RW",
                "must_exist": false, "options": {"size": "5", "password": "***"}},
               {"name": "lg", "driver": "local", "path": "$MESOS_SANDBOX/logs",
                "variable": "DVDI_VOLUME_MOUNTPOINT1", "mode": "RW", "must_exist": true, "options": {}}]},
             {"app": "/web", "volumes": [
               {"name": "w", "driver": "pxd", "path": "/data", "variable": "DVDI_VOLUME_MOUNTPOINT",
                "mode": "RW", "must_exist": false, "options": {"token": "***"}}]},
             {"app": "/plain", "volumes": []}]
            """),
        tree(out));
  }

  @Test
  void planServesAnImageWhichTaskCannot() throws IOException {
    String app = file("a.json", CONTAINER);
    assertEquals(0, run("plan", app));
    assertEquals(1, run(RUN, app));
    assertEquals(
        "dvdi: error: " + app + ": container.docker.image is 'alpine'; images need a Mesos agent\n",
        err);
  }

  @Test
  void eleventhVolumeHasAVariable() throws IOException {
    List<String> volumes = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      volumes.add(
          """
          {"containerPath": "p%d", "mode": "RW",
           "external": {"provider": "dvdi", "name": "v%d", "options": {"dvdi/driver": "d"}}}\
          """
              .formatted(i, i));
    }
    String app =
        """
        {"id": "a", "cmd": "true", "container": {"type": "MESOS", "volumes": [%s]}}\
        """
            .formatted(String.join(",", volumes));
    assertEquals(0, run("plan", "--json", file("a.json", app)));
    assertEquals("v10", tree(out).at("/0/volumes/10/name").textValue());
    assertEquals("DVDI_VOLUME_MOUNTPOINT10", tree(out).at("/0/volumes/10/variable").textValue());
  }

  @Test
  void defaultDriverIsForVolumesThatNameNone() throws IOException {
    assertEquals(0, run("plan", "--json", "--default-driver=nfs", file("a", VARIABLES)));
    assertEquals("nfs", tree(out).at("/0/volumes/0/driver").textValue());
    assertEquals("local", tree(out).at("/0/volumes/1/driver").textValue());
  }

  @Test
  void defaultDriverIsThatOfTheAgentsModulesFile() throws IOException {
    String modules =
        file(
            "modules.json",
            """
            {"libraries": [{"file": "other.so"}, {"file": "x.so", "modules": [
              {"name": "org_other", "parameters": [{"key": "default_driver", "value": "other"}]},
              {"name": "com_emc_mesos_DockerVolumeDriverIsolator",
               "parameters": [{"key": "state_dir", "value": "/s"}, {"key": "default_driver", "value": "nfs"}]}]}]}
            """);
    assertEquals(0, run("plan", "--json", "--modules", modules, file("a", VARIABLES)));
    assertEquals("nfs", tree(out).at("/0/volumes/0/driver").textValue());
    assertEquals("local", tree(out).at("/0/volumes/1/driver").textValue());
  }

  @Test
  void modulesFileThatCannotBeReadIsSaid() throws IOException {
    String broken = file("m", "[1,\n {");
    assertEquals(2, run("plan", "--modules", broken, file("a", VARIABLES)));
    assertTrue(err.startsWith("dvdi: error: " + broken + ": line 2, column 3: "), err);
    assertEquals(2, run("plan", "--modules", "missing", file("a", VARIABLES)));
    assertTrue(err.startsWith("dvdi: error: missing: cannot be read: there is no such file"), err);
    // It need not be one with the isolator.
    assertEquals(0, run("plan", "--json", "--modules", file("n", "{}"), file("a", VARIABLES)));
    assertEquals("rexray", tree(out).at("/0/volumes/0/driver").textValue());
    assertEquals("", err);
  }
}
