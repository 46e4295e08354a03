// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.DriverWords;
import io.dvdi.driver.Mountpoint;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.driver.program.Program;
import io.dvdi.log.Log;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.Text;
import io.dvdi.volume.VolumeId;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Volumes by way of dvdcli. Its exit status 0 says little, as a flag that it does not know gives
 * that too, and so does a plugin that names no mountpoint; so what it writes is read with care. It
 * has no mount ID, and sends none.
 *
 * <p>Left to itself, {@code dvdcli mount} creates a volume whenever the plugin's Get fails, for
 * whatever reason, and some plugins format a volume that is created again. So it is always told not
 * to create ({@code --explicitcreate}), unless {@code dvdcli list} has just said that the volume
 * does not exist.
 */
public final class DvdcliDriver implements VolumeDriver {
  private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(5);

  /** Exit statuses above it are signals, as waitpid(2) and the shell have them. */
  private static final int LAST_STATUS = 128;

  private final Path program;
  private final Log log;
  private final AtomicBoolean probed = new AtomicBoolean();

  /**
   * @param program the operator's
   */
  public DvdcliDriver(Path program, Log log) {
    this.program = program;
    this.log = log;
  }

  /** Where the program belongs, for messages. */
  public Path program() {
    return program;
  }

  public boolean isInstalled() {
    return Files.isRegularFile(program) && Files.isExecutable(program);
  }

  /** dvdcli cuts values at a second equal sign and at commas, without a word. */
  @Override
  public void check(VolumeId id, Options options) {
    for (Map.Entry<String, String> option : options.values().entrySet()) {
      if (contains(option.getKey(), ",=") || contains(option.getValue(), ",=")) {
        throw new InvalidRequestException(
            "%s: the option %s has a comma or an equal sign in it, which dvdcli would cut; such options need the driver's plugin itself"
                .formatted(id, Text.quote(option.getKey())));
      }
    }
  }

  @Override
  public Optional<Path> mountpoint(VolumeId id) {
    return Optional.empty();
  }

  /** Plugins say in the same way that they fail and that it is not mounted. */
  @Override
  public Optional<Path> reported(VolumeId id, Deadline deadline) throws DriverException {
    Program.Ended ended = run(id, "path", List.of(), deadline);
    return failure(ended, Options.NONE).isPresent() ? Optional.empty() : absolute(ended.output());
  }

  @Override
  public Mountpoint mount(Mount mount) throws DriverException {
    try {
      check(mount.id(), mount.options());
    } catch (InvalidRequestException e) {
      throw DriverException.failed(String.valueOf(e.getMessage()), e);
    }
    probe();
    Presence presence = mount.mustExist() ? Presence.NOT_ASKED : presence(mount);
    List<String> flags = new ArrayList<>();
    if (presence == Presence.ABSENT) {
      mount
          .options()
          .values()
          .forEach((name, value) -> flags.add("--volumeopts=" + name + "=" + value));
    } else {
      flags.add("--explicitcreate");
    }
    Program.Ended ended = run(mount.id(), "mount", flags, mount.deadline());
    Optional<String> failure = failure(ended, mount.options());
    if (failure.isPresent()) {
      throw failed("mount", ended, failure.get() + presence.remark());
    }
    Optional<Path> path = absolute(ended.output());
    if (path.isEmpty()) {
      throw undone(mount, ended.output());
    }
    return new Mountpoint(path.get(), false, false);
  }

  @Override
  public void unmount(Unmount unmount) throws DriverException {
    probe();
    Program.Ended ended = run(unmount.id(), "unmount", List.of(), unmount.deadline());
    Optional<String> failure = failure(ended, unmount.options());
    if (failure.isPresent()) {
      throw failed("unmount", ended, failure.get());
    }
  }

  private enum Presence {
    PRESENT(""),
    /** A whole list does not have it. */
    ABSENT(""),
    NOT_ASKED(""),
    LIST_FAILED("`dvdcli list` fails too"),
    LIST_CUT("what `dvdcli list` writes is more than is read, or has no end");

    private final String whyUnknown;

    Presence(String whyUnknown) {
      this.whyUnknown = whyUnknown;
    }

    /** To what a mount that failed says. */
    String remark() {
      return whyUnknown.isEmpty()
          ? ""
          : "; if the volume does not exist, create it by hand: that was not done because "
              + whyUnknown;
    }
  }

  private Presence presence(Mount mount) throws DriverException {
    Program.Ended ended;
    try {
      ended = run(mount.id(), "list", List.of(), mount.deadline());
    } catch (DriverException e) {
      // Nothing was changed, so nothing is uncertain.
      throw DriverException.failed(String.valueOf(e.getMessage()), e);
    }
    if (failure(ended, mount.options()).isPresent()) {
      return Presence.LIST_FAILED;
    }
    if (ended.output().lines().anyMatch(mount.id().name()::equals)) {
      return Presence.PRESENT;
    }
    return ended.whole() ? Presence.ABSENT : Presence.LIST_CUT;
  }

  /** The plugin has mounted something, or says so; nobody could unmount it later. */
  private DriverException undone(Mount mount, String output) {
    String problem =
        output.isEmpty()
            ? "`dvdcli mount` ended with status 0, but named no mountpoint; see the plugin's own"
                + " log"
            : "`dvdcli mount` ended with status 0, but wrote '%s' where one absolute path belongs"
                .formatted(DriverWords.start(output, mount.options()));
    try {
      Program.Ended undo = run(mount.id(), "unmount", List.of(), mount.deadline());
      return DriverException.failed(
          failure(undo, mount.options())
              .map(words -> problem + "; and `dvdcli unmount` failed: " + words)
              .orElse(problem));
    } catch (DriverException e) {
      return DriverException.uncertain(problem + "; and " + e.getMessage(), e);
    }
  }

  private Program.Ended run(VolumeId id, String command, List<String> flags, Deadline deadline)
      throws DriverException {
    List<String> line = new ArrayList<>();
    line.add(program.toString());
    line.add(command);
    line.add("--volumedriver=" + id.driver());
    line.add("--volumename=" + id.name());
    line.addAll(flags);
    return Program.run(line, deadline);
  }

  /**
   * What it says went wrong. With status 0 only its complaints about flags and commands do. What
   * follows on a panic is only where in dvdcli that was.
   */
  private static Optional<String> failure(Program.Ended ended, Options options) {
    String complaint =
        ended
            .error()
            .lines()
            .filter(line -> line.startsWith("Error:") || line.startsWith("panic:"))
            .findFirst()
            .orElse("");
    if (ended.status() == 0 && complaint.isEmpty()) {
      return Optional.empty();
    }
    String words =
        complaint.isEmpty()
            ? DriverWords.end(ended.error(), options)
            : DriverWords.start(complaint, options);
    return Optional.of(words.isEmpty() ? "it wrote nothing" : words);
  }

  /**
   * dvdcli sends a request again when its connection breaks, and says so; then, or when it was
   * killed, the plugin may still do what it was asked for.
   */
  private static DriverException failed(String command, Program.Ended ended, String words) {
    String message =
        "`dvdcli %s` failed (exit status %d): %s".formatted(command, ended.status(), words);
    boolean sent =
        ended.error().contains("/VolumeDriver.Mount, retrying")
            || ended.error().contains("/VolumeDriver.Unmount, retrying");
    return ended.status() > LAST_STATUS || sent
        ? DriverException.uncertain(message, new IllegalStateException("no answer of the plugin"))
        : DriverException.failed(message);
  }

  private static Optional<Path> absolute(String output) {
    if (!output.startsWith("/") || output.lines().count() != 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(output)).filter(path -> path.equals(path.normalize()));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static boolean contains(String text, String characters) {
    return characters.chars().anyMatch(c -> text.indexOf(c) >= 0);
  }

  private void probe() {
    if (!probed.compareAndSet(false, true)) {
      return;
    }
    try {
      Program.Ended ended =
          Program.run(List.of(program.toString(), "version"), Deadline.after(VERSION_TIMEOUT));
      String version =
          ended
              .output()
              .lines()
              .filter(line -> line.startsWith("SemVer:"))
              .map(line -> line.substring("SemVer:".length()).strip())
              .findFirst()
              .orElse("");
      log.info(
          "uses dvdcli %s at %s"
              .formatted(version.isEmpty() ? "of an unknown version" : version, program));
    } catch (DriverException e) {
      log.warning("the version of dvdcli is not known: " + e.getMessage());
    }
  }
}
