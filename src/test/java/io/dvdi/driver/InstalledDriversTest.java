// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.InstalledDrivers.Choice;
import io.dvdi.driver.dvdcli.DvdcliDriver;
import io.dvdi.driver.plugin.PluginDiscovery;
import io.dvdi.driver.plugin.PluginDriver;
import io.dvdi.driver.plugin.PluginFolders;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.log.Log;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstalledDriversTest {
  private static final Set<String> BOTH = Set.of("plugin", "dvdcli");

  @TempDir Path folder;
  private final VolumeDriver local = new Nothing();
  private PluginDiscovery discovery;
  private PluginDriver plugins;
  private DvdcliDriver dvdcli;
  private final Map<String, Options> defaults = new LinkedHashMap<>();

  @BeforeEach
  void parts() {
    Log log = (level, text) -> {};
    discovery =
        new PluginDiscovery(new PluginFolders(folder, List.of(folder), folder.resolve("managed")));
    plugins = new PluginDriver(discovery, Duration.ZERO, log);
    dvdcli = new DvdcliDriver(program(), log);
  }

  private InstalledDrivers drivers(Set<String> used, Duration patience, String... allowed) {
    return new InstalledDrivers(
        Map.of("local", local),
        List.of(plugins, dvdcli),
        new Choice(used, Set.of(allowed), Set.of("share"), Set.of("trusted"), defaults),
        patience);
  }

  private Path program() {
    return folder.resolve("dvdcli");
  }

  private VolumeDriver named(Set<String> used, String name) {
    return drivers(used, Duration.ZERO).named(name);
  }

  private void plugin(String name) throws Exception {
    Files.writeString(folder.resolve(name + ".spec"), "tcp://127.0.0.1:1");
  }

  private void installDvdcli() throws Exception {
    Files.createFile(
        program(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plugin", "dvdcli"})
  void localIsAlwaysTheBuiltInOne(String service) throws Exception {
    plugin("local");
    installDvdcli();

    assertSame(local, named(Set.of(service), "local"));
  }

  @Test
  void aPluginWinsOverDvdcli() throws Exception {
    plugin("rexray");
    installDvdcli();

    assertSame(plugins, named(BOTH, "rexray"));
    assertSame(dvdcli, named(BOTH, "other"));
  }

  @Test
  void aPluginThatIsDescribedWronglyIsStillOne() throws Exception {
    Files.writeString(folder.resolve("rexray.json"), "{");
    installDvdcli();

    assertSame(plugins, named(BOTH, "rexray"));
  }

  @Test
  void theOperatorsChoiceCounts() throws Exception {
    plugin("rexray");
    installDvdcli();

    assertSame(plugins, named(Set.of("plugin"), "rexray"));
    assertSame(dvdcli, named(Set.of("dvdcli"), "rexray"));
  }

  @Test
  void withoutAnyAllPlacesAreNamed() {
    String message =
        assertThrows(InvalidRequestException.class, () -> named(BOTH, "rexray")).toString();

    assertTrue(
        message.contains(
            "there is no volume driver 'rexray' on this agent: no plugin (sockets "
                + folder.resolve("rexray.sock")),
        message);
    assertTrue(
        message.contains(
            folder.resolve("rexray/rexray.json")
                + "; managed plugins in "
                + folder.resolve("managed")),
        message);
    assertTrue(
        message.endsWith(
            "and no dvdcli at "
                + program()
                + "; start its plugin, install dvdcli, or name another driver"),
        message);
  }

  @Test
  void onlyThePlacesThatCountAreNamed() {
    String plugin =
        assertThrows(InvalidRequestException.class, () -> named(Set.of("plugin"), "rexray"))
            .toString();
    String program =
        assertThrows(InvalidRequestException.class, () -> named(Set.of("dvdcli"), "rexray"))
            .toString();

    assertTrue(plugin.contains("no plugin") && !plugin.contains("dvdcli"), plugin);
    assertTrue(program.contains("no dvdcli at") && !program.contains("plugin"), program);
  }

  @Test
  void aFileThatCannotBeExecutedIsNoDvdcli() throws Exception {
    Files.createFile(
        program(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));

    assertThrows(InvalidRequestException.class, () -> named(BOTH, "rexray"));
  }

  @Test
  void aPluginThatAppearsLateIsWaitedFor() throws Exception {
    InstalledDrivers drivers = drivers(BOTH, Duration.ofSeconds(60));
    CompletableFuture<VolumeDriver> found =
        CompletableFuture.supplyAsync(() -> drivers.named("rexray"));
    Thread.sleep(300);
    plugin("rexray");

    assertSame(plugins, found.get(60, TimeUnit.SECONDS));
  }

  @Test
  void aDriverThatIsNotAllowedIsRefused() throws Exception {
    plugin("other");
    InstalledDrivers drivers = drivers(BOTH, Duration.ZERO, "rexray", "local");

    InvalidRequestException e =
        assertThrows(InvalidRequestException.class, () -> drivers.nameOf("other", () -> Set.of()));

    assertEquals(
        "the volume driver 'other' is not allowed on this agent; allowed are local, rexray",
        e.getMessage());
    assertEquals("local", drivers.nameOf("local", () -> Set.of()));
  }

  @Test
  void aDriverThatIsListedByAnotherOfItsNamesHandsOutDirectories() throws Exception {
    plugin("share");
    plugin("alias");
    Files.writeString(folder.resolve("other.spec"), "tcp://127.0.0.1:2");
    InstalledDrivers drivers = drivers(BOTH, Duration.ZERO);

    String name = drivers.nameOf("alias", () -> Set.of());

    assertTrue(drivers.handsOutDirectories(name));
    assertTrue(drivers.handsOutDirectories("share"));
    assertFalse(drivers.handsOutDirectories("other"));
    assertFalse(drivers.handsOutDirectories("absent"));
  }

  @Test
  void inVolumesOfADriverThatIsListedByAnotherOfItsNamesSetUserIdBitsCount() throws Exception {
    plugin("trusted");
    plugin("alias");
    Files.writeString(folder.resolve("other.spec"), "tcp://127.0.0.1:2");
    InstalledDrivers drivers = drivers(BOTH, Duration.ZERO);

    String name = drivers.nameOf("alias", () -> Set.of());

    assertTrue(drivers.allowsSuid(name));
    assertTrue(drivers.allowsSuid("trusted"));
    assertFalse(drivers.allowsSuid("other"));
    assertFalse(drivers.allowsSuid("absent"));
    assertFalse(drivers.allowsSuid("local"));
  }

  @Test
  void defaultOptionsHoldForADriverUnderEachOfItsNames() throws Exception {
    plugin("trusted");
    plugin("alias");
    plugin("local");
    Files.writeString(folder.resolve("other.spec"), "tcp://127.0.0.1:2");
    Options small = Options.of(Map.of("size", "1"));
    defaults.put("alias", small);
    InstalledDrivers drivers = drivers(BOTH, Duration.ZERO);

    assertEquals(small, drivers.defaultOptions("alias"));
    assertEquals(small, drivers.defaultOptions("trusted"));
    for (String another : List.of("other", "absent", "local")) {
      assertEquals(Options.NONE, drivers.defaultOptions(another));
    }
  }

  /** Whichever name came first, which is not the same after a restart. */
  @Test
  void ofDefaultOptionsForTwoNamesOfADriverTheFirstCount() throws Exception {
    plugin("trusted");
    plugin("alias");
    Options first = Options.of(Map.of("size", "1"));
    defaults.put("trusted", first);
    defaults.put("alias", Options.of(Map.of("size", "2")));
    InstalledDrivers drivers = drivers(BOTH, Duration.ZERO);

    assertEquals(first, drivers.defaultOptions("trusted"));
    assertEquals(first, drivers.defaultOptions("alias"));
  }

  /** Otherwise a volume on record would get a second record, under the name that was listed. */
  @Test
  void toLookForADriverAmongThoseListedDoesNotNameAnyOfThem() throws Exception {
    plugin("share");
    plugin("alias");
    Files.writeString(folder.resolve("other.spec"), "tcp://127.0.0.1:2");
    InstalledDrivers drivers = drivers(BOTH, Duration.ZERO);

    assertFalse(drivers.handsOutDirectories("other"));

    assertEquals("alias", drivers.nameOf("share", () -> Set.of("alias")));
  }

  @Test
  void aBuiltInDriverHasNoOtherName() throws Exception {
    plugin("local");
    plugin("share");

    assertFalse(drivers(BOTH, Duration.ZERO).handsOutDirectories("local"));
  }

  @Test
  void whatWasMountedThroughOneKindIsUnmountedThroughTheSame() throws Exception {
    plugin("rexray");
    InstalledDrivers drivers = drivers(BOTH, Duration.ZERO);
    String kind = drivers.kindOf(drivers.named("rexray"));
    Files.delete(folder.resolve("rexray.spec"));
    installDvdcli();

    assertSame(dvdcli, drivers.named("rexray"));
    assertSame(plugins, drivers.ofKind(kind));
    assertSame(dvdcli, drivers.ofKind(drivers.kindOf(dvdcli)));
    assertSame(local, drivers.ofKind(drivers.kindOf(local)));
    assertThrows(InvalidRequestException.class, () -> drivers.ofKind("auto"));
    assertThrows(InvalidRequestException.class, () -> drivers.ofKind(""));
  }

  @Test
  void aFurtherBuiltInDriverNeedsItsNameOnly() {
    VolumeDriver zfs = new Nothing();
    InstalledDrivers drivers =
        new InstalledDrivers(
            Map.of("local", local, "zfs", zfs),
            List.of(),
            new Choice(Set.of(), Set.of(), Set.of(), Set.of(), Map.of()),
            Duration.ZERO);

    assertSame(zfs, drivers.named("zfs"));
    assertSame(zfs, drivers.ofKind(drivers.kindOf(zfs)));
  }

  /** Stands for a built-in driver. */
  private static final class Nothing implements VolumeDriver {
    @Override
    public Told ask(VolumeId volume, Options options, Deadline deadline) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CallEnd create(VolumeId volume, Options options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CallEnd mount(VolumeId volume, Options options, String mountId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CallEnd unmount(VolumeId volume, String mountId, Optional<Path> path, Options options) {
      throw new UnsupportedOperationException();
    }
  }
}
