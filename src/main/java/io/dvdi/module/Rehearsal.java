// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.bindings.contract.dvdi_container;
import io.dvdi.bindings.contract.dvdi_entry;
import io.dvdi.bindings.contract.dvdi_volume;
import io.dvdi.checkpoint.Predecessors;
import io.dvdi.checkpoint.RecordFolder;
import io.dvdi.driver.InstalledDrivers;
import io.dvdi.driver.local.LocalDriver;
import io.dvdi.driver.local.LocalSettings;
import io.dvdi.driver.plugin.PluginDiscovery;
import io.dvdi.driver.plugin.PluginDriver;
import io.dvdi.driver.plugin.PluginFolders;
import io.dvdi.isolator.Container;
import io.dvdi.isolator.Isolator;
import io.dvdi.isolator.Launch;
import io.dvdi.isolator.Metrics;
import io.dvdi.isolator.Parts;
import io.dvdi.isolator.Policy;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.Seen;
import io.dvdi.linux.KernelLook;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.MountCalls;
import io.dvdi.linux.OpenedPath;
import io.dvdi.linux.OwnFolder;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task that is prepared and cleaned up once at boot, in the background. It has a tmpfs and a
 * plain folder below state_dir, and its plugin is in this process; all else is what real tasks get.
 * So the first real one does not have to wait until its classes are loaded and linked, and there is
 * memory for that: a class whose start fails once is lost until the process ends.
 */
final class Rehearsal {
  private static final String NAME = "rehearsal";

  /** Of each step. A healthy disk needs milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Policy POLICY =
      new Policy(
          new Policy.Requests(NAME, "dvdcli", Optional.empty(), false, List.of()),
          new Policy.Times(PATIENCE, PATIENCE, PATIENCE, PATIENCE, PATIENCE),
          false,
          false);

  /** What an agent uses: no command line, and of the bindings only what others refer to. */
  private static final Pattern CLASS =
      Pattern.compile("io/dvdi/(?!cli/|marathon/|bindings/).*\\.class");

  private static final Log SILENCE = (level, text) -> {};

  private final Path folder;
  private final Parts parts;
  private final KernelLook kernel;
  private final Host host;

  /**
   * @param stateDir in which it works, in a folder of its own
   * @param parts of the isolator; drivers, policy, metrics, timers and log are not used
   */
  Rehearsal(Path stateDir, Parts parts, KernelLook kernel, Host host) {
    this.folder = stateDir.resolve(NAME);
    this.kernel = kernel;
    this.parts = parts;
    this.host = host;
  }

  /** Begins. The future ends when the rehearsal has, and never fails. */
  CompletableFuture<@Nullable Void> begin() {
    CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    try {
      parts.threads().execute(() -> run(ended));
    } catch (RuntimeException | Error e) { // no thread, or no memory
      tell(e);
      ended.complete(null);
    }
    return ended;
  }

  private void run(CompletableFuture<@Nullable Void> ended) {
    try {
      initialise();
      runInFolder();
    } catch (Throwable e) {
      tell(e);
    } finally {
      ended.complete(null);
    }
  }

  private void tell(Throwable e) {
    host.warning(
        "the rehearsal of a task in %s failed, and tasks may fail for the same reason: %s"
            .formatted(folder, e));
  }

  /** Starts all classes of the module, also those of drivers that the rehearsal does not use. */
  private static void initialise() throws IOException, ClassNotFoundException {
    Module module = Rehearsal.class.getModule();
    if (module.getLayer() == null) {
      return; // a test, without modules
    }
    ResolvedModule resolved =
        module.getLayer().configuration().findModule(module.getName()).orElseThrow();
    try (ModuleReader reader = resolved.reference().open();
        Stream<String> files = reader.list()) {
      for (String file : files.filter(name -> CLASS.matcher(name).matches()).toList()) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        Class<?> unused = Class.forName(name, true, Rehearsal.class.getClassLoader());
      }
    }
  }

  private void runInFolder() throws Exception {
    Path mount = folder.resolve("local").resolve(NAME).resolve("mount");
    if (Files.exists(mount)) { // of a process that was killed
      detach(mount);
    }
    delete(folder);
    OwnFolder.create(folder);
    Path volume = Files.createDirectory(folder.resolve("volume"));
    OwnFolder.create(folder.resolve("local"));
    OwnFolder.create(folder.resolve("mounting"));
    ScheduledExecutorService timer = AgentThreads.timer("dvdi-rehearsal-");
    // A path through the open folder is never too long for a socket, see unix(7).
    try (OpenedPath opened = OpenedPath.of(folder)) {
      Path socket = opened.self().resolve(NAME + ".sock");
      RehearsalPlugin plugin = new RehearsalPlugin(socket, NAME, volume, parts.threads());
      try {
        run(
            new Isolator(
                parts(opened.self(), timer),
                new RecordFolder(Files.createDirectory(folder.resolve("records")), "boot", 0),
                Predecessors.NONE));
      } finally {
        plugin.close();
      }
    } finally {
      timer.shutdownNow();
    }
    delete(folder);
  }

  private Parts parts(Path sockets, ScheduledExecutorService timer) {
    LocalDriver local =
        new LocalDriver(
            new LocalSettings(folder.resolve("local"), List.of(), true),
            folder.resolve("mounting"),
            Optional::empty,
            kernel,
            SILENCE);
    PluginDiscovery plugins = new PluginDiscovery(new PluginFolders(sockets, List.of(), sockets));
    return new Parts(
        new Parts.World(
            new InstalledDrivers(
                Map.of("local", local),
                List.of(new PluginDriver(plugins, PATIENCE, SILENCE)),
                new InstalledDrivers.Choice(
                    Set.of("plugin"), Set.of(), Set.of(NAME, "local"), Set.of(), Map.of()),
                PATIENCE),
            parts.world().mounts(),
            parts.world().owners(),
            parts.world().folders(),
            parts.world().clock(),
            parts.world().freshIds()),
        POLICY,
        new Metrics((metric, value) -> {}),
        parts.threads(),
        new Parts.Timers(timer, timer),
        SILENCE);
  }

  /** A task with a volume of each driver, one in each form, as the host would describe it. */
  private Container container() throws IOException {
    Path sandbox = Files.createDirectory(folder.resolve("sandbox"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = dvdi_container.allocate(arena);
      Texts.write(dvdi_container.id(struct), NAME, arena);
      Texts.write(dvdi_container.sandbox(struct), sandbox.toString(), arena);
      Map<String, String> variables =
          Map.of(
              "DVDI_VOLUME_NAME", NAME,
              "DVDI_VOLUME_DRIVER", "local",
              "DVDI_VOLUME_CONTAINERPATH", "local",
              "DVDI_VOLUME_OPTS", "type=tmpfs,o=size=64k");
      dvdi_container.environment(struct, entries(arena, variables));
      dvdi_container.environment_count(struct, variables.size());
      MemorySegment volume = dvdi_volume.allocate(arena);
      Texts.write(dvdi_volume.driver(volume), NAME, arena);
      Texts.write(dvdi_volume.name(volume), NAME, arena);
      Texts.write(dvdi_volume.container_path(volume), NAME, arena);
      dvdi_volume.options(volume, entries(arena, Map.of("size", "1")));
      dvdi_volume.options_count(volume, 1);
      dvdi_container.volumes(struct, volume);
      dvdi_container.volumes_count(struct, 1);
      return Calls.container(struct);
    }
  }

  private static MemorySegment entries(Arena arena, Map<String, String> values) {
    MemorySegment entries = dvdi_entry.allocateArray(values.size(), arena);
    int i = 0;
    for (Map.Entry<String, String> value : values.entrySet()) {
      MemorySegment entry = dvdi_entry.asSlice(entries, i++);
      Texts.write(dvdi_entry.name(entry), value.getKey(), arena);
      Texts.write(dvdi_entry.value(entry), value.getValue(), arena);
    }
    return entries;
  }

  private void run(Isolator isolator) throws Exception {
    Container container = container();
    ContainerId id = container.id();
    lookAtMount();
    wait(isolator.recover(Set.of()));
    Launch launch = wait(isolator.prepare(container));
    host.launch(Upcall.REHEARSAL, launch);
    host.usage(Upcall.REHEARSAL, wait(isolator.usage(id)));
    CompletableFuture<Optional<String>> watched = isolator.watch(id);
    wait(isolator.cleanup(id));
    wait(watched);
    host.done(Upcall.REHEARSAL);
  }

  /** Looks at a mount that every host has, twice: once it is known. */
  private void lookAtMount() {
    Optional<Moment> never = Optional.empty();
    Optional<Evidence> known = Optional.empty();
    for (int i = 0; i < 2; i++) {
      Seen seen = kernel.check("proc", Optional.of("/proc"), known, never, true).seen();
      known = seen.place() instanceof Seen.Mounted mounted ? Optional.of(mounted.mount()) : known;
    }
  }

  private static <T extends @Nullable Object> T wait(CompletableFuture<T> step) throws Exception {
    return step.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static void detach(Path mount) {
    try {
      MountCalls.unmount(mount);
    } catch (LinuxException e) {
      // Nothing is mounted there, or what follows says that it is still in use.
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
