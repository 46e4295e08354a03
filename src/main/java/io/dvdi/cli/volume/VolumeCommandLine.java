// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.plugin.PluginDiscovery;
import io.dvdi.driver.plugin.PluginFolders;
import io.dvdi.driver.plugin.PluginVolumes;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Text;
import io.dvdi.volume.VolumeId;
import java.io.PrintStream;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;

/** One run of dvdcli's command line. */
public final class VolumeCommandLine {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;

  /** The dvdcli whose commands, flags and words these are. */
  private static final String DVDCLI = "0.2.2";

  /** As long as dvdcli waits for a plugin. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final String program;
  private final Usage usage;
  private final PluginDiscovery discovery;
  private final Duration patience;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param program as it was called
   * @param patience how long a plugin is waited for that is not there or refuses connections
   */
  public VolumeCommandLine(
      String program, PluginFolders folders, Duration patience, PrintStream out, PrintStream err) {
    this.program = program;
    this.usage = new Usage(program);
    this.discovery = new PluginDiscovery(folders);
    this.patience = patience;
    this.out = out;
    this.err = err;
  }

  /** For the plugins where Docker finds them. */
  public static VolumeCommandLine ofThisHost(String program, PrintStream out, PrintStream err) {
    return new VolumeCommandLine(program, PluginFolders.DOCKER, PATIENCE, out, err);
  }

  /** Runs the command that is given, and returns the exit status. */
  public int run(String... words) {
    int status = understood(words);
    out.flush();
    if (out.checkError()) {
      log("error", "standard output cannot be written; is the disk full, or did its reader end?");
      return FAILED;
    }
    return status;
  }

  private int understood(String... words) {
    Flags flags;
    try {
      flags = Flags.parse(words);
    } catch (FlagException e) {
      err.print(usage.of(e.command()));
      err.println("\nError: " + Text.line(String.valueOf(e.getMessage())));
      return BAD_USAGE;
    }
    if (flags.command().isEmpty() && !flags.surplus().isEmpty()) {
      err.println(
          "Error: unknown command \"%s\" for \"%s\"\nRun '%s --help' for usage."
              .formatted(Text.line(flags.surplus().getFirst()), program, program));
      return BAD_USAGE;
    }
    if (flags.help()) {
      out.print(usage.help(flags.command()));
      return DONE;
    }
    if (flags.command().isEmpty()) {
      err.print(usage.of(Optional.empty()));
      return BAD_USAGE;
    }
    if (!flags.surplus().isEmpty()) {
      log("warning", "Ignored arguments without a flag: " + String.join(" ", flags.surplus()));
    }
    return flags.command().get() == Command.VERSION
        ? version()
        : reached(flags.command().get(), flags);
  }

  private int version() {
    out.printf(
        """
        Binary: %s
        SemVer: %s+dvdi
        OsArch: %s-%s
        Branch:\s
        Commit:\s
        Formed:\s
        """,
        System.getProperty("dvdi.program", program),
        DVDCLI,
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
    return DONE;
  }

  private int reached(Command command, Flags flags) {
    VolumeId id;
    try {
      if (flags.volume().driver().isEmpty()) {
        return failed(
            "info", "Missing volume driver name", "volumeDriver", flags.volume().driver());
      }
      if (flags.volume().name().isEmpty() && command != Command.LIST) {
        return failed("error", "Missing volume name", "volumeName", flags.volume().name());
      }
      id =
          new VolumeId(
              flags.volume().driver(), command == Command.LIST ? "any" : flags.volume().name());
    } catch (InvalidRequestException e) {
      return failed("error", String.valueOf(e.getMessage()), "volumeName", flags.volume().name());
    }
    return reached(
        command, flags, id, new PluginVolumes(discovery, patience(id), why -> waiting(id, why)));
  }

  private Duration patience(VolumeId id) {
    return isBuiltIn(id) ? Duration.ZERO : patience;
  }

  private boolean isBuiltIn(VolumeId id) {
    return id.driver().equals("local") && !discovery.has("local");
  }

  private void waiting(VolumeId id, String why) {
    log(
        "warning",
        (discovery.has(id.driver())
                ? "Unable to connect to plugin: " + why
                : "Unable to locate plugin: " + id.driver())
            + ", retrying for "
            + patience.toSeconds()
            + "s");
  }

  private int reached(Command command, Flags flags, VolumeId id, PluginVolumes plugin) {
    Deadline deadline = Deadline.after(flags.timeout());
    try {
      plugin.activate(id.driver(), deadline);
    } catch (DriverException e) {
      return failed(
          "info",
          "Error looking up volume plugin %s: %s%s"
              .formatted(
                  id.driver(),
                  e.getMessage(),
                  isBuiltIn(id)
                      ? "; the driver local is built into the agent, which mounts its volumes for"
                          + " tasks only"
                      : ""),
          "volumeDriver",
          flags.volume().driver());
    }
    try {
      done(command, flags, id, plugin, deadline);
      return DONE;
    } catch (DriverException e) {
      String message =
          String.valueOf(e.getMessage())
              + (e.isUncertain() ? "; it may still take effect, so check again later" : "");
      return command == Command.LIST
          ? failed("error", message, "volumeDriver", flags.volume().driver())
          : failed("error", message, "volumeName", flags.volume().name());
    }
  }

  private void done(
      Command command, Flags flags, VolumeId id, PluginVolumes plugin, Deadline deadline)
      throws DriverException {
    switch (command) {
      case CREATE -> {
        plugin.create(id, flags.volume().options(), deadline);
        log("info", id.name());
      }
      case REMOVE -> plugin.remove(id, deadline);
      case MOUNT ->
          path(
              plugin
                  .mount(
                      id,
                      flags.volume().options(),
                      flags.volume().mustExist(),
                      flags.volume().mountId(),
                      deadline)
                  .toString());
      case UNMOUNT -> plugin.unmount(id, flags.volume().mountId(), deadline);
      case PATH -> plugin.path(id, deadline).ifPresent(path -> path(path.toString()));
      case GET -> print(plugin.get(id, deadline));
      case LIST -> plugin.list(id.driver(), deadline).forEach(this::print);
      case VERSION -> throw new IllegalStateException("it asks no plugin");
    }
  }

  private void path(String path) {
    log("info", path);
    print(path);
  }

  /** One line for each, whatever the plugin says. */
  private void print(String said) {
    out.print(Text.line(said) + "\n");
  }

  private int failed(String level, String message, String key, String value) {
    err.println(line(level, message).with(key, Text.line(value)));
    return FAILED;
  }

  private void log(String level, String message) {
    err.println(line(level, message));
  }

  private static LogLine line(String level, String message) {
    return new LogLine(OffsetDateTime.now(ZoneId.systemDefault()), level, Text.line(message));
  }
}
