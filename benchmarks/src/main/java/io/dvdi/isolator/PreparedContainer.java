// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.benchmarks.FastPlugin;
import io.dvdi.benchmarks.IsolatorFixture;
import io.dvdi.benchmarks.TaskVariables;
import io.dvdi.driver.Drivers;
import io.dvdi.driver.InstalledDrivers;
import io.dvdi.driver.dvdcli.DvdcliDriver;
import io.dvdi.driver.local.LocalDriver;
import io.dvdi.driver.local.LocalSettings;
import io.dvdi.driver.plugin.PluginDiscovery;
import io.dvdi.driver.plugin.PluginDriver;
import io.dvdi.linux.KernelLook;
import io.dvdi.linux.TmpfsFolder;
import io.dvdi.volume.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A container, and an isolator that can prepare it and clean it up. Each volume is a tmpfs, mounted
 * by the driver local, by the plugin in C, or by a dvdcli that is a script with mount(8). Records,
 * sockets and volumes are on a tmpfs. Needs root.
 */
@State(Scope.Benchmark)
public class PreparedContainer {
  /** The container that holds the volumes all the time, if they are shared. */
  private static final ContainerId HOLDER = new ContainerId("holder");

  private static final ContainerId MEASURED =
      new ContainerId("6f1d1c0e-3d5c-4b54-9d4b-0c54a9b1d0f7");

  /** Who mounts. */
  @Param({"local", "plugin", "dvdcli"})
  public String driver = "local";

  /** How many volumes the container has. */
  @Param({"1", "3"})
  public int volumes;

  /** Whether the volumes have to be mounted, or another container holds them. */
  @Param({"fresh", "shared"})
  public String use = "fresh";

  private Optional<TmpfsFolder> folder = Optional.empty();
  private Optional<FastPlugin> plugin = Optional.empty();
  private Optional<IsolatorFixture> fixture = Optional.empty();

  /** Builds the isolator, and prepares the other container. */
  @Setup(Level.Trial)
  public void build() throws IOException {
    TmpfsFolder tmpfs = new TmpfsFolder();
    folder = Optional.of(tmpfs);
    plugin = Optional.of(new FastPlugin(tmpfs.newFolder("plugin")));
    fixture =
        Optional.of(
            new IsolatorFixture(this::drivers, (metric, value) -> {}, tmpfs.newFolder("records")));
    Path unused = tmpfs.newFolder("sandbox");
    unused = writeDvdcli(tmpfs.newFolder("dvdcli-volumes"));
    if (use.equals("shared")) {
      Launch held = prepare(HOLDER);
      if (held.binds().size() != volumes) {
        throw new IllegalStateException("the volumes are not held: " + held);
      }
    }
  }

  private Path path(String name) {
    return folder.orElseThrow().path().resolve(name);
  }

  /** Mounts each volume on a folder of its name. A volume exists once it was asked for. */
  private Path writeDvdcli(Path volumes) throws IOException {
    Path program = path("dvdcli");
    Files.writeString(
        program,
        """
        #!/bin/sh
        for word; do
          case $word in --volumename=*) at=%s/${word#*=} ;; esac
        done
        case $1 in
          path) echo "$at" ;;
          mount) mkdir -p "$at" && mount -t tmpfs -o size=64k benchmark "$at" && echo "$at" ;;
          unmount) umount "$at" ;;
        esac
        """
            .formatted(volumes));
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private Drivers drivers(KernelLook kernel) {
    PluginDiscovery discovery = new PluginDiscovery(plugin.orElseThrow().folders());
    return new InstalledDrivers(
        Map.of(
            "local",
            new LocalDriver(
                new LocalSettings(path("local"), List.of(), false),
                path("mounting"),
                Optional::empty,
                kernel,
                IsolatorFixture.SILENCE)),
        List.of(
            new PluginDriver(discovery, Duration.ZERO, IsolatorFixture.SILENCE),
            new DvdcliDriver(path("dvdcli"), IsolatorFixture.SILENCE)),
        new InstalledDrivers.Choice(
            Set.of("plugin", "dvdcli"), Set.of(), Set.of(), Set.of(), Map.of()),
        Duration.ZERO);
  }

  private String driverName() {
    return driver.equals("plugin") ? FastPlugin.NAME : driver;
  }

  private Launch prepare(ContainerId id) {
    return fixture
        .orElseThrow()
        .isolator()
        .prepare(
            new Container(
                id,
                path("sandbox"),
                Optional.empty(),
                TaskVariables.of(driverName(), driver.equals("local") ? "type=tmpfs" : "", volumes),
                List.of(),
                Optional.empty()))
        .join();
  }

  private void cleanUp(ContainerId id) {
    Void unused = fixture.orElseThrow().isolator().cleanup(id).join();
  }

  /** From the call to the answer with which the task starts. */
  Launch prepare() {
    return prepare(MEASURED);
  }

  /** From the call to the answer, at which volumes that nobody holds are unmounted. */
  void cleanUp() {
    cleanUp(MEASURED);
  }

  /** Unmounts and removes everything. */
  @TearDown(Level.Trial)
  public void stop() throws IOException {
    cleanUp(HOLDER);
    fixture.orElseThrow().close();
    plugin.orElseThrow().close();
    folder.orElseThrow().close();
  }
}
