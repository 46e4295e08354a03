// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.DriverService;
import io.dvdi.driver.DriverWords;
import io.dvdi.driver.Program;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.CutOff;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.NotSent;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
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
import java.util.function.Function;

/**
 * Volumes by way of dvdcli. It has no mount ID, and sends none.
 *
 * <p>Left to itself, {@code dvdcli mount} creates a volume whenever the plugin's Get fails, for
 * whatever reason, and some plugins format a volume that is created again. So it is always told not
 * to create ({@code --explicitcreate}), and {@code dvdcli create} runs only after {@code dvdcli
 * list} has said that the volume does not exist.
 */
public final class DvdcliDriver implements DriverService {
  private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(5);

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

  @Override
  public String kind() {
    return "dvdcli";
  }

  /** All names, if it is installed. */
  @Override
  public boolean serves(String name, Deadline deadline) {
    return Files.isRegularFile(program) && Files.isExecutable(program);
  }

  @Override
  public String missing(String name) {
    return "no dvdcli at " + program;
  }

  @Override
  public String remedy() {
    return "install dvdcli";
  }

  /** dvdcli cuts values at a second equal sign and at commas, without a word. */
  @Override
  public void check(VolumeId volume, Options options) {
    for (Map.Entry<String, String> option : options.values().entrySet()) {
      if (contains(option.getKey(), ",=") || contains(option.getValue(), ",=")) {
        throw new InvalidRequestException(
            "%s: the option %s has a comma or an equal sign in it, which dvdcli would cut; such options need the driver's plugin itself"
                .formatted(volume, Text.quote(option.getKey())));
      }
    }
  }

  /**
   * Asks for the path first: that costs a volume that exists one run of the program, as the list
   * alone would, and also tells where the volume is. The list is needed only when that fails, which
   * may have any reason.
   */
  @Override
  public Told ask(VolumeId volume, Options options, Deadline deadline) {
    return run(
        volume,
        "path",
        List.of(),
        options,
        deadline,
        ended -> told(Existence.EXISTS, absolute(ended.output()), ""),
        end -> end instanceof Failed ? listed(volume, options, deadline) : unanswered(words(end)));
  }

  /** The plugin has answered before, so that a list that fails is an answer too. */
  private Told listed(VolumeId volume, Options options, Deadline deadline) {
    return run(
        volume,
        "list",
        List.of(),
        options,
        deadline,
        ended -> {
          if (ended.output().lines().anyMatch(volume.name()::equals)) {
            return told(Existence.EXISTS, Optional.empty(), "");
          }
          return ended.whole()
              ? told(Existence.ABSENT, Optional.empty(), "")
              : told(
                  Existence.UNKNOWN,
                  Optional.empty(),
                  "`dvdcli list` wrote too much, or did not end");
        },
        end -> told(Existence.UNKNOWN, Optional.empty(), words(end)));
  }

  private static Told told(Existence existence, Optional<Path> path, String words) {
    return new Told(
        existence, Optional.empty(), path.map(Path::toString), false, Optional.empty(), words);
  }

  private static Told unanswered(String words) {
    return new Told(
        Existence.NO_ANSWER, Optional.empty(), Optional.empty(), false, Optional.empty(), words);
  }

  private static String words(CallEnd end) {
    return switch (end) {
      case Succeeded succeeded -> "";
      case Failed failed -> failed.words();
      case CutOff cutOff -> cutOff.words();
      case NotSent notSent -> notSent.words();
    };
  }

  @Override
  public CallEnd create(VolumeId volume, Options options) {
    try {
      check(volume, options);
    } catch (InvalidRequestException e) {
      return new NotSent(String.valueOf(e.getMessage()));
    }
    List<String> flags = new ArrayList<>();
    options.values().forEach((name, value) -> flags.add("--volumeopts=" + name + "=" + value));
    return run(volume, "create", flags, options, ended -> new Succeeded());
  }

  @Override
  public CallEnd mount(VolumeId volume, Options options, String mountId) {
    return run(
        volume,
        "mount",
        List.of("--explicitcreate"),
        options,
        ended -> {
          Optional<Path> path = absolute(ended.output());
          if (path.isEmpty()) {
            log.warning(
                "%s: `dvdcli mount` succeeded, but wrote '%s' instead of one absolute path; see the plugin's own log"
                    .formatted(volume, DriverWords.start(ended.output(), ended.whole(), options)));
          }
          return new Succeeded(path.map(Path::toString).orElse(""), false);
        });
  }

  @Override
  public CallEnd unmount(VolumeId volume, String mountId, Optional<Path> path, Options options) {
    return run(volume, "unmount", List.of(), options, ended -> new Succeeded());
  }

  /** Runs a command until its end, however long that takes. */
  private CallEnd run(
      VolumeId volume,
      String command,
      List<String> flags,
      Options options,
      Function<Program.Ended, CallEnd> success) {
    return run(volume, command, flags, options, Deadline.never(), success, end -> end);
  }

  private <T> T run(
      VolumeId volume,
      String command,
      List<String> flags,
      Options options,
      Deadline deadline,
      Function<Program.Ended, T> success,
      Function<CallEnd, T> failure) {
    probe(deadline);
    List<String> line = new ArrayList<>();
    line.add(program.toString());
    line.add(command);
    line.add("--volumedriver=" + volume.driver());
    line.add("--volumename=" + volume.name());
    line.addAll(flags);
    try {
      Program.Ended ended = Program.run(line, deadline);
      Optional<CallEnd> failed = DvdcliEnd.failure(command, ended, options);
      return failed.isPresent() ? failure.apply(failed.get()) : success.apply(ended);
    } catch (DriverException e) {
      String words = String.valueOf(e.getMessage());
      return failure.apply(e.isUncertain() ? new CutOff(words) : new NotSent(words));
    }
  }

  private static Optional<Path> absolute(String output) {
    if (!output.startsWith("/") || Text.isBroken(output)) {
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

  private void probe(Deadline deadline) {
    if (!probed.compareAndSet(false, true)) {
      return;
    }
    try {
      Program.Ended ended =
          Program.run(
              List.of(program.toString(), "version"),
              Deadline.after(VERSION_TIMEOUT).orEarlier(deadline));
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
