// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.bindings.contract.dvdi_answer;
import io.dvdi.bindings.contract.dvdi_bind;
import io.dvdi.bindings.contract.dvdi_boot;
import io.dvdi.bindings.contract.dvdi_container;
import io.dvdi.bindings.contract.dvdi_entry;
import io.dvdi.bindings.contract.dvdi_h;
import io.dvdi.bindings.contract.dvdi_host;
import io.dvdi.bindings.contract.dvdi_module;
import io.dvdi.bindings.contract.dvdi_mount;
import io.dvdi.bindings.contract.dvdi_string;
import io.dvdi.bindings.contract.dvdi_usage;
import io.dvdi.bindings.contract.dvdi_volume;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A host as C has one: its table holds function pointers, and it calls the module through those
 * that the module filled in. So every call crosses the boundary twice, as in an agent.
 */
@SuppressWarnings("restricted")
final class RecordingHost implements AutoCloseable {
  /** What complete was called with. */
  record Answer(
      long call,
      boolean failed,
      String failure,
      List<String> binds,
      Map<String, String> environment,
      List<String> usage,
      String limitation) {}

  /** A volume of ContainerInfo. */
  record Volume(
      String driver, String name, String path, Map<String, String> options, boolean readOnly) {}

  private final Arena arena = Arena.ofShared();
  final MemorySegment host = dvdi_host.allocate(arena);
  final MemorySegment table = dvdi_module.allocate(arena);
  final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  final List<String> log = new CopyOnWriteArrayList<>();
  final Map<Integer, Long> metrics = new ConcurrentHashMap<>();
  private long calls = 1;

  RecordingHost() {
    dvdi_host.version(host, dvdi_h.DVDI_VERSION());
    dvdi_host.log(
        host,
        dvdi_host.log.allocate(
            (level, text) -> log.add(level + " " + read(text.reinterpret(dvdi_string.sizeof()))),
            arena));
    dvdi_host.complete(host, dvdi_host.complete.allocate(this::complete, arena));
    dvdi_host.measure(
        host, dvdi_host.measure.allocate((metric, value) -> metrics.put(metric, value), arena));
  }

  private static String mount(MemorySegment mount) {
    String device = read(dvdi_mount.device(mount));
    return device.isEmpty()
        ? ""
        : " of %s %s %s"
            .formatted(device, read(dvdi_mount.root(mount)), read(dvdi_mount.mountpoint(mount)));
  }

  private void complete(long call, MemorySegment pointer) {
    MemorySegment answer = pointer.reinterpret(dvdi_answer.sizeof());
    List<String> binds = new ArrayList<>();
    MemorySegment all =
        dvdi_answer.binds(answer).reinterpret(dvdi_answer.binds_count(answer) * dvdi_bind.sizeof());
    for (long i = 0; i < dvdi_answer.binds_count(answer); i++) {
      MemorySegment bind = dvdi_bind.asSlice(all, i);
      binds.add(
          read(dvdi_bind.source(bind))
              + mount(dvdi_bind.mount(bind))
              + " -> "
              + read(dvdi_bind.target(bind))
              + (dvdi_bind.read_only(bind) == 1 ? " ro" : " rw")
              + (dvdi_bind.suid(bind) == 1 ? ",suid" : ""));
    }
    Map<String, String> environment = new LinkedHashMap<>();
    Texts.readEntries(
            dvdi_answer.environment(answer), dvdi_answer.environment_count(answer), name -> true)
        .forEach(entry -> environment.put(entry.getKey(), entry.getValue()));
    List<String> usage = new ArrayList<>();
    MemorySegment volumes =
        dvdi_answer
            .usage(answer)
            .reinterpret(dvdi_answer.usage_count(answer) * dvdi_usage.sizeof());
    for (long i = 0; i < dvdi_answer.usage_count(answer); i++) {
      MemorySegment volume = dvdi_usage.asSlice(volumes, i);
      usage.add(
          "%s/%s at %s: %d of %d"
              .formatted(
                  read(dvdi_usage.driver(volume)),
                  read(dvdi_usage.name(volume)),
                  read(dvdi_usage.mountpoint(volume)),
                  dvdi_usage.used(volume),
                  dvdi_usage.size(volume)));
    }
    answers.add(
        new Answer(
            call,
            dvdi_answer.failed(answer) == 1,
            read(dvdi_answer.failure(answer)),
            binds,
            environment,
            usage,
            read(dvdi_answer.limitation(answer))));
  }

  private static String read(MemorySegment string) {
    return Texts.read(string);
  }

  /** Calls Boot.boot as the C entrypoint does, and returns the error, empty if there is none. */
  String boot(Map<String, String> parameters) {
    MemorySegment boot = bootStruct(parameters);
    return Boot.boot(boot.address()) == 0 ? "" : error(boot);
  }

  MemorySegment bootStruct(Map<String, String> parameters) {
    MemorySegment boot = dvdi_boot.allocate(arena);
    dvdi_boot.version(boot, dvdi_h.DVDI_VERSION());
    dvdi_boot.host(boot, host);
    dvdi_boot.parameters(boot, entries(parameters));
    dvdi_boot.parameters_count(boot, parameters.size());
    dvdi_boot.module(boot, table);
    dvdi_boot.error(boot, arena.allocate(2048));
    dvdi_boot.error_size(boot, 2048);
    return boot;
  }

  static String error(MemorySegment boot) {
    MemorySegment error = dvdi_boot.error(boot).reinterpret(dvdi_boot.error_size(boot));
    int length = 0;
    while (error.get(java.lang.foreign.ValueLayout.JAVA_BYTE, length) != 0) {
      length++;
    }
    return new String(
        error.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE),
        StandardCharsets.UTF_8);
  }

  private MemorySegment entries(Map<String, String> values) {
    MemorySegment array = dvdi_entry.allocateArray(Math.max(1, values.size()), arena);
    int i = 0;
    for (Map.Entry<String, String> value : values.entrySet()) {
      MemorySegment entry = dvdi_entry.asSlice(array, i++);
      Texts.write(dvdi_entry.name(entry), value.getKey(), arena);
      Texts.write(dvdi_entry.value(entry), value.getValue(), arena);
    }
    return array;
  }

  private MemorySegment string(String text) {
    MemorySegment string = dvdi_string.allocate(arena);
    Texts.write(string, text, arena);
    return string;
  }

  MemorySegment container(
      String id, String sandbox, Map<String, String> environment, Volume... volumes) {
    MemorySegment container = dvdi_container.allocate(arena);
    Texts.write(dvdi_container.id(container), id, arena);
    Texts.write(dvdi_container.sandbox(container), sandbox, arena);
    dvdi_container.environment(container, entries(environment));
    dvdi_container.environment_count(container, environment.size());
    MemorySegment array = dvdi_volume.allocateArray(Math.max(1, volumes.length), arena);
    for (int i = 0; i < volumes.length; i++) {
      MemorySegment volume = dvdi_volume.asSlice(array, i);
      Texts.write(dvdi_volume.driver(volume), volumes[i].driver(), arena);
      Texts.write(dvdi_volume.name(volume), volumes[i].name(), arena);
      Texts.write(dvdi_volume.container_path(volume), volumes[i].path(), arena);
      dvdi_volume.options(volume, entries(volumes[i].options()));
      dvdi_volume.options_count(volume, volumes[i].options().size());
      dvdi_volume.read_only(volume, volumes[i].readOnly() ? 1 : 0);
    }
    dvdi_container.volumes(container, array);
    dvdi_container.volumes_count(container, volumes.length);
    return container;
  }

  int recover(String... containers) {
    MemorySegment array = dvdi_string.allocateArray(Math.max(1, containers.length), arena);
    for (int i = 0; i < containers.length; i++) {
      Texts.write(dvdi_string.asSlice(array, i), containers[i], arena);
    }
    return dvdi_module.recover.invoke(
        dvdi_module.recover(table), calls++, array, containers.length);
  }

  int prepare(MemorySegment container) {
    return dvdi_module.prepare.invoke(dvdi_module.prepare(table), calls++, container);
  }

  int cleanup(String container) {
    return dvdi_module.cleanup.invoke(dvdi_module.cleanup(table), calls++, string(container));
  }

  int usage(String container) {
    return dvdi_module.usage.invoke(dvdi_module.usage(table), calls++, string(container));
  }

  int watch(String container) {
    return dvdi_module.watch.invoke(dvdi_module.watch(table), calls++, string(container));
  }

  int closeModule() {
    return dvdi_module.close.invoke(dvdi_module.close(table), calls++);
  }

  Answer answer() {
    try {
      Answer answer = answers.poll(20, TimeUnit.SECONDS);
      if (answer == null) {
        throw new AssertionError("no answer came; log: " + log);
      }
      return answer;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
