// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the embedded agent is told. */
class RunCommandTest extends AppCommandFixture {
  private static final String WORKED_EXAMPLE =
      """
      {"id":"/shop/db","instances":1,"cmd":"a\\\\b\\nc","env":{"A":"1=2"},"user":"nobody",
       "container":{"type":"MESOS","volumes":[
       {"containerPath":"data","mode":"RW","external":{"provider":"dvdi","name":"pg","size":100,
         "options":{"dvdi/driver":"rexray","dvdi/iops":" 150 ","dvdi/size":"7","other/x":"y"}}},
       {"containerPath":"logs","mode":"RW","external":{"provider":"dvdi","name":"lg","options":{"dvdi/driver":"pxd"}}}]}}
      """;

  private static final String ISOLATOR =
      """
      library=/lib.so
      parameter=state_dir
      value=/state/isolator
      parameter=local_dir
      value=/state/volumes
      work_dir=/state/agent
      """;

  private static final String COMMAND =
      """
      task=shop_db
      user=nobody
      program=/bin/sh
      argument=sh
      argument=-c
      argument=a\\\\b\\nc
      variable=A
      value=1=2
      """;

  /** B15. */
  @Test
  void aStateFolderThatSomebodyElseCanReplaceIsRefused() throws Exception {
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    RealMounts.run("chown", "nobody", theirs.toString());
    for (String state : List.of(theirs.toString(), theirs + "/../theirs/new")) {
      assertEquals(2, run("run", "--state-dir=" + state, "--library=/l", file("a", PLAIN)));
      assertEquals("", out);
      assertTrue(
          err.startsWith("dvdi: error: --state-dir cannot be used: " + theirs + " (nobody "), err);
    }
  }

  @Test
  void volumesOfAContainer() throws IOException {
    assertEquals(0, run(RUN, file("a", WORKED_EXAMPLE)));
    assertEquals(
        ISOLATOR
            + COMMAND
            + """
            volume=pg
            driver=rexray
            path=data
            read_only=0
            option=iops
            value=150
            option=size
            value=100
            volume=lg
            driver=pxd
            path=logs
            read_only=0
            """,
        out);
  }

  @Test
  void volumesAsVariables() throws IOException {
    assertEquals(0, run(RUN, "--marathon=1.1", file("a", WORKED_EXAMPLE)));
    assertEquals(
        ISOLATOR
            + COMMAND
            + """
            variable=DVDI_VOLUME_CONTAINERPATH
            value=data
            variable=DVDI_VOLUME_NAME
            value=pg
            variable=DVDI_VOLUME_DRIVER
            value=rexray
            variable=DVDI_VOLUME_OPTS
            value=iops=150,size=100
            variable=DVDI_VOLUME_CONTAINERPATH1
            value=logs
            variable=DVDI_VOLUME_NAME1
            value=lg
            variable=DVDI_VOLUME_DRIVER1
            value=pxd
            """,
        out);
  }

  @Test
  void severalAppsAndATime() throws IOException {
    String program = "{\"id\": \"a\", \"args\": [\"echo\", \"$A\", \"\"], \"user\": \"root\"}";
    assertEquals(0, run(RUN, "--for", "2m", file("a", program), file("b", PLAIN)));
    assertEquals(
        ISOLATOR
            + """
            end_after=120000
            task=a
            program=echo
            argument=echo
            argument=$A
            argument=
            task=plain
            program=/bin/sh
            argument=sh
            argument=-c
            argument=true
            """,
        out);
  }

  @Test
  void theIsolatorOfAModulesFile() throws IOException {
    String library = file("lib.so", "");
    String modules =
        file(
            "modules.json",
            """
            {"libraries": [{"file": "%s", "modules": [
              {"name": "com_emc_mesos_DockerVolumeDriverIsolator",
               "parameters": [{"key": "state_dir", "value": "/s"}, {"key": "default_driver", "value": "nfs"}]}]}]}
            """
                .formatted(library));
    assertEquals(0, run("run", "--state-dir=/state", "--modules", modules, file("a", VARIABLES)));
    assertTrue(
        out.startsWith(
            "library="
                + folder.resolve("lib.so")
                + "\nparameter=state_dir\nvalue=/s\nparameter=default_driver\nvalue=nfs\n"
                + "work_dir=/state/agent\ntask=shop_db\n"),
        out);
  }

  @Test
  void whatTheEmbeddedAgentCannotRunIsSaid() throws IOException {
    String image = file("image", CONTAINER);
    assertEquals(1, run(RUN, image));
    assertEquals(
        "dvdi: error: "
            + image
            + ": container.docker.image is 'alpine'; images need a Mesos agent\n",
        err);
    assertEquals(1, run(RUN, file("long", PLAIN.replace("plain", "a".repeat(201)))));
    assertTrue(err.contains("id has 201 characters; the embedded agent takes at most 200"), err);
    assertEquals("", out);
  }
}
