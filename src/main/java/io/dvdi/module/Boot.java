// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.bindings.contract.dvdi_boot;
import io.dvdi.bindings.contract.dvdi_h;
import io.dvdi.bindings.contract.dvdi_host;
import io.dvdi.bindings.contract.dvdi_module;
import io.dvdi.checkpoint.Predecessors;
import io.dvdi.checkpoint.RecordFolder;
import io.dvdi.driver.Drivers;
import io.dvdi.driver.InstalledDrivers;
import io.dvdi.driver.dvdcli.DvdcliDriver;
import io.dvdi.driver.local.LocalDriver;
import io.dvdi.driver.plugin.PluginDiscovery;
import io.dvdi.driver.plugin.PluginDriver;
import io.dvdi.isolator.Isolator;
import io.dvdi.isolator.Metrics;
import io.dvdi.isolator.Neighbour;
import io.dvdi.isolator.Parts;
import io.dvdi.isolator.Policy;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.linux.BootClock;
import io.dvdi.linux.ContainedFolders;
import io.dvdi.linux.FreshIds;
import io.dvdi.linux.KernelLook;
import io.dvdi.linux.LinuxMounts;
import io.dvdi.linux.LinuxOwners;
import io.dvdi.linux.Processor;
import io.dvdi.log.Log;
import io.dvdi.predecessor.DockerVolumeFolder;
import io.dvdi.predecessor.DvdimountsFile;
import io.dvdi.predecessor.Source;
import io.dvdi.predecessor.Surroundings;
import io.dvdi.predecessor.Takeover;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The start: called once by the C entrypoint through JNI. Puts the parts together. */
@SuppressWarnings("restricted") // the host's structs come as addresses
final class Boot {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(2);

  /** One class of each library. */
  private static final List<String> IN_JARS =
      List.of(
          "com.fasterxml.jackson.annotation.JsonInclude",
          "com.fasterxml.jackson.core.JsonFactory",
          "com.fasterxml.jackson.databind.JsonNode",
          "org.apache.hc.core5.http.config.Http1Config");

  /** A healthy file system answers within milliseconds. */
  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(10);

  /** The host waits this long for an answer to close, and a little longer. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(8);

  private Boot() {}

  /**
   * Starts the isolator.
   *
   * @param address of a dvdi_boot
   * @return 0, or 1 with the reason in its error
   */
  static int boot(long address) {
    MemorySegment boot =
        MemorySegment.ofAddress(address).reinterpret(dvdi_boot.layout().byteSize());
    try {
      openWhatStaysOpen();
      start(boot);
      return 0;
    } catch (InvalidParameterException e) {
      refuse(boot, String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      refuse(boot, "a bug in the module: " + e + at(e));
    }
    return 1;
  }

  /**
   * The jars, and /dev/random, which the JDK opens together with its digests. The entrypoint marks
   * them close-on-exec after the boot; what is opened later is inherited by the tasks of some
   * agents.
   */
  private static void openWhatStaysOpen()
      throws ReflectiveOperationException, GeneralSecurityException {
    MessageDigest ignored = MessageDigest.getInstance("SHA-256");
    for (String name : IN_JARS) {
      Class<?> unused = Class.forName(name, false, Boot.class.getClassLoader());
    }
  }

  private static void start(MemorySegment boot) throws IOException {
    if (Processor.current().isEmpty()) {
      throw new InvalidParameterException(
          "it runs on x86-64 and arm64 only, and this processor is "
              + System.getProperty("os.arch")
              + "; remove this module, or run the agent on another host");
    }
    MemorySegment host = dvdi_boot.host(boot).reinterpret(dvdi_host.layout().byteSize());
    MemorySegment table = dvdi_boot.module(boot).reinterpret(dvdi_module.layout().byteSize());
    checkVersion("dvdi_boot", dvdi_boot.version(boot));
    checkVersion("dvdi_host", dvdi_host.version(host));
    Host log = new Host(host);
    List<Map.Entry<String, String>> given =
        Texts.readEntries(
            dvdi_boot.parameters(boot), dvdi_boot.parameters_count(boot), name -> true);
    Settings settings =
        Settings.of(given.stream().filter(entry -> !AgentFlags.isFlag(entry)).toList(), log);
    if (!LinuxOwners.agentIsRoot()) {
      throw new InvalidParameterException(
          "the agent does not run as root, and only root can mount; run it as root, or remove this"
              + " module");
    }
    start(settings, AgentFlags.among(given), log, table);
  }

  private static void start(Settings settings, AgentFlags flags, Host host, MemorySegment table)
      throws IOException {
    Optional<Neighbour> neighbour = DockerVolumeIsolator.find(settings, flags, host);
    StateFolder state = StateFolder.open(settings);
    try {
      UnitWarnings.write(settings, host);
      start(settings, host, table, state, neighbour);
    } catch (IOException | RuntimeException | Error e) {
      state.close();
      throw e;
    }
  }

  private static void start(
      Settings settings,
      Host host,
      MemorySegment table,
      StateFolder state,
      Optional<Neighbour> neighbour)
      throws IOException {
    ExecutorService threads = Executors.newCachedThreadPool(AgentThreads.named("dvdi-"));
    ScheduledExecutorService timer = AgentThreads.timer("dvdi-timer-");
    // Apart from that of retries: it ends after the last deadline.
    ScheduledExecutorService deadlines = AgentThreads.timer("dvdi-deadlines-");
    KernelLook kernel = new KernelLook(threads, CHECK_TIMEOUT);
    Mounts mounts = new LinuxMounts(kernel);
    Drivers drivers = drivers(settings, state, kernel, host);
    BootClock clock = new BootClock();
    RecordFolder records =
        new RecordFolder(
            state.records(),
            Files.readString(BOOT_ID).strip(),
            clock.getAsLong() + 2 * settings.volumes().mountTimeout().toMillis());
    Parts parts =
        new Parts(
            new Parts.World(
                drivers, mounts, new LinuxOwners(), ContainedFolders::find, clock, new FreshIds()),
            new Policy(
                new Policy.Requests(
                    settings.requests().defaultDriver(),
                    settings.drivers().dvdcli().toString(),
                    neighbour,
                    settings.requests().lenientVariables(),
                    settings.requests().containerPaths()),
                new Policy.Times(
                    settings.volumes().mountTimeout(),
                    settings.volumes().mountTimeout(),
                    WATCH_INTERVAL,
                    FIRST_RETRY,
                    LONGEST_RETRY),
                settings.volumes().endsLost(),
                settings.volumes().ownedByTask()),
            new Metrics(host::measure),
            threads,
            new Parts.Timers(timer, deadlines),
            host);
    Isolator isolator =
        new Isolator(
            parts,
            records,
            predecessors(settings, new Surroundings(drivers, mounts), records, host));
    new Calls(
            host,
            isolator,
            new Rehearsal(settings.stateDir(), parts, kernel, host)::begin,
            () -> {
              timer.shutdownNow();
              boolean quiet = isolator.quiet(CLOSE_TIMEOUT);
              if (!quiet) {
                // The lock stays as well, until the process ends: the next agent would not see what
                // these operations still mount.
                host.warning(
                    "operations of some volumes are still in progress; the next agent continues"
                        + " them");
              }
              deadlines.shutdown();
              threads.shutdown();
              if (quiet) {
                state.close();
              }
            })
        .fill(table);
  }

  private static Predecessors predecessors(
      Settings settings, Surroundings surroundings, RecordFolder records, Log log)
      throws IOException {
    List<Source> sources = new ArrayList<>();
    settings.imports().dvdimounts().map(DvdimountsFile::new).ifPresent(sources::add);
    settings.imports().dockerVolume().map(DockerVolumeFolder::new).ifPresent(sources::add);
    return sources.isEmpty()
        ? Predecessors.NONE
        : new Takeover(
            sources,
            settings.stateDir().resolve("imported"),
            surroundings,
            records,
            log,
            BootClock.booted());
  }

  private static Drivers drivers(Settings settings, StateFolder state, KernelLook kernel, Log log) {
    PluginDiscovery discovery = new PluginDiscovery(settings.drivers().plugins());
    // A plugin that restarts is back by then. If not, the task has time left to be told so.
    Duration patience = settings.volumes().mountTimeout().dividedBy(10);
    LocalDriver local =
        new LocalDriver(
            settings.drivers().local(),
            settings.stateDir().resolve("mounting"),
            state::refusalOfLocal,
            kernel,
            log);
    checkDefaults(local, settings);
    local.closeFormerFolders();
    return new InstalledDrivers(
        Map.of("local", local),
        List.of(
            new PluginDriver(discovery, patience, log),
            new DvdcliDriver(settings.drivers().dvdcli(), log)),
        new InstalledDrivers.Choice(
            settings.drivers().services(),
            settings.drivers().allowed(),
            settings.volumes().plainDirectories(),
            settings.volumes().suidDrivers(),
            settings.drivers().defaultOptions()),
        patience);
  }

  /** Otherwise each task without options would be told of options that it did not give. */
  private static void checkDefaults(LocalDriver local, Settings settings) {
    try {
      local.checkDefaults(
          "the parameter " + DefaultOptions.key("local"),
          settings.drivers().defaultOptions().getOrDefault("local", Options.NONE));
    } catch (InvalidRequestException e) {
      throw new InvalidParameterException(String.valueOf(e.getMessage()));
    }
  }

  private static void checkVersion(String struct, int version) {
    if (version != dvdi_h.DVDI_VERSION()) {
      throw new InvalidParameterException(
          "the library has version %d of %s, and the Java modules have version %d; install both from the same build"
              .formatted(version, struct, dvdi_h.DVDI_VERSION()));
    }
  }

  private static String at(Throwable e) {
    return Arrays.stream(e.getStackTrace()).findFirst().map(frame -> " at " + frame).orElse("");
  }

  private static void refuse(MemorySegment boot, String reason) {
    long size = dvdi_boot.error_size(boot);
    byte[] bytes = reason.getBytes(UTF_8);
    int length = (int) Math.min(bytes.length, size - 1);
    while (length < bytes.length && length > 0 && (bytes[length] & 0xC0) == 0x80) {
      length--; // not in the middle of a letter
    }
    MemorySegment error = dvdi_boot.error(boot).reinterpret(size);
    MemorySegment.copy(bytes, 0, error, JAVA_BYTE, 0, length);
    error.set(JAVA_BYTE, length, (byte) 0);
  }
}
