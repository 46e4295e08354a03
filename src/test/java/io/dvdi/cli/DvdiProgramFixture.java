// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** bin/dvdi in a checkout of the test's own, with an app. */
abstract class DvdiProgramFixture {
  @RegisterExtension final RealMounts mounts = new RealMounts();

  BinDvdi dvdi;
  String app;

  @BeforeEach
  void create() throws Exception {
    dvdi = new BinDvdi(mounts.folder());
    app = app("app", "local", "size=1");
  }

  @AfterEach
  void end() {
    dvdi.close();
  }

  String app(String id, String driver, String options) throws Exception {
    return Files.writeString(
            mounts.folder().resolve(id + ".json"),
            """
            {"id": "%s", "cmd": "echo it ran", "env": {"DVDI_VOLUME_NAME": "v",
             "DVDI_VOLUME_DRIVER": "%s", "DVDI_VOLUME_OPTS": "%s"}}
            """
                .formatted(id, driver, options))
        .toString();
  }

  String state() {
    return "--state-dir=" + mounts.folder().resolve("state");
  }

  /** Maven, which may not be called. */
  void withoutMaven() throws Exception {
    dvdi.tool("mvn", "touch \"$tools/called\"; exit 1");
  }

  void assertNothingWasBuilt() {
    assertFalse(Files.exists(dvdi.tools.resolve("called")));
  }

  void asNobody() throws Exception {
    RealMounts.run("chmod", "-R", "a+rX", mounts.folder().toString());
    dvdi.before("setpriv", "--reuid=65534", "--clear-groups");
  }

  void mountReadOnly() throws Exception {
    String checkout = dvdi.checkout.path("").toString();
    mounts.mount("--bind", checkout, checkout);
    mounts.mount("-o", "remount,bind,ro", checkout);
  }
}
