// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.bindings.contract.dvdi_container;
import io.dvdi.bindings.contract.dvdi_h;
import io.dvdi.bindings.contract.dvdi_module;
import io.dvdi.bindings.contract.dvdi_string;
import io.dvdi.bindings.contract.dvdi_volume;
import io.dvdi.isolator.Container;
import io.dvdi.isolator.Isolator;
import io.dvdi.isolator.Launch;
import io.dvdi.log.Failure;
import io.dvdi.volume.AgentLocale;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.ContainerVolume;
import io.dvdi.volume.InvalidRequestException;
import java.lang.foreign.MemorySegment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The upcalls: each copies its arguments, hands them on and returns. */
@SuppressWarnings("restricted") // the host's structs come as addresses
final class Calls {
  /** The rest of a task's environment is not looked at. */
  private static final String VARIABLES = "DVDI_VOLUME_";

  private final Host host;
  private final Isolator isolator;
  private final Supplier<CompletableFuture<@Nullable Void>> rehearsal;
  private final Runnable close;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param rehearsal what begins with recover, and has to end before the first task; see {@link
   *     Rehearsal}
   * @param close ends everything; may take a while
   */
  Calls(
      Host host,
      Isolator isolator,
      Supplier<CompletableFuture<@Nullable Void>> rehearsal,
      Runnable close) {
    this.host = host;
    this.isolator = isolator;
    this.rehearsal = rehearsal;
    this.close = close;
  }

  /** Makes the functions and puts them into the host's table. They live as long as the process. */
  void fill(MemorySegment table) {
    dvdi_module.recover(table, stub(this::recover));
    dvdi_module.prepare(table, stub(this::prepare));
    dvdi_module.cleanup(table, stub(this::cleanup));
    dvdi_module.usage(table, stub(this::usage));
    dvdi_module.watch(table, stub(this::watch));
    dvdi_module.close(table, stub(this::close));
    dvdi_module.version(table, dvdi_h.DVDI_VERSION());
    rehearse();
  }

  /** What the JVM loads for the first answer to a failed call must not need memory then. */
  private void rehearse() {
    OutOfMemoryError full = new OutOfMemoryError("rehearsal");
    answer(Upcall.REHEARSAL, CompletableFuture.failedFuture(full), (nothing, number) -> {});
    answer(
        Upcall.REHEARSAL,
        CompletableFuture.completedFuture(full),
        (thrown, number) -> {
          throw thrown;
        });
  }

  private MemorySegment stub(Upcall.Body body) {
    return new Upcall(host, closed::get, body).stub();
  }

  private void recover(long call, long containers, long count) {
    MemorySegment all = at(containers, count * dvdi_string.layout().byteSize());
    Set<ContainerId> alive = new HashSet<>();
    for (long i = 0; i < count; i++) {
      String name = Texts.read(dvdi_string.asSlice(all, i));
      try {
        alive.add(new ContainerId(name));
      } catch (InvalidRequestException e) {
        // Such a container was never prepared, and an agent whose recover fails does not start.
        host.warning("a container is not recovered: " + e.getMessage());
      }
    }
    answer(
        call,
        isolator.recover(alive).thenCombine(rehearsal.get(), (recovered, ended) -> null),
        (nothing, number) -> host.done(number));
  }

  private void prepare(long call, long container, long unused) {
    CompletableFuture<Launch> prepared;
    try {
      prepared = isolator.prepare(container(at(container, dvdi_container.layout().byteSize())));
    } catch (InvalidPathException e) {
      prepared = CompletableFuture.failedFuture(e);
    }
    answer(call, prepared, (launch, number) -> host.launch(number, launch));
  }

  private void cleanup(long call, long container, long unused) {
    answer(call, isolator.cleanup(id(container)), (nothing, number) -> host.done(number));
  }

  private void usage(long call, long container, long unused) {
    answer(call, isolator.usage(id(container)), (usage, number) -> host.usage(number, usage));
  }

  private void watch(long call, long container, long unused) {
    answer(
        call,
        isolator.watch(id(container)),
        (reason, number) ->
            reason.ifPresentOrElse(text -> host.limitation(number, text), () -> host.done(number)));
  }

  private static MemorySegment at(long address, long size) {
    return MemorySegment.ofAddress(address).reinterpret(size);
  }

  private static ContainerId id(long string) {
    return new ContainerId(Texts.read(at(string, dvdi_string.layout().byteSize())));
  }

  private void close(long call, long unused, long none) {
    Runnable closing =
        () -> {
          try {
            close.run();
          } finally {
            host.done(call);
          }
        };
    Thread thread = new Thread(closing, "dvdi close");
    thread.setDaemon(true);
    if (!closed.compareAndSet(false, true)) {
      throw new IllegalStateException("it is closed already");
    }
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      closing.run(); // the host is about to exit, and waits
    }
  }

  /** Answers when the future ends; also when it has ended already. */
  private <T extends @Nullable Object> void answer(
      long call, CompletableFuture<T> future, BiConsumer<T, Long> success) {
    Long number = call;
    // Not whenComplete, which allocates after the answer to a future that failed.
    CompletableFuture<?> unused =
        future.handle(
            (result, failure) -> {
              answer(number, result, failure, success);
              return null;
            });
  }

  /** Never throws: a future would swallow it, and the host would wait for ever. */
  private <T extends @Nullable Object> void answer(
      Long number, T result, @Nullable Throwable failure, BiConsumer<T, Long> success) {
    try {
      if (failure == null) {
        success.accept(result, number);
      } else {
        host.failed(number, reason(failure));
      }
    } catch (Throwable e) {
      host.failed(number, Failure.of(e));
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof InvalidPathException path) {
      return AgentLocale.reason(path);
    }
    String message = cause.getMessage();
    return cause instanceof Error || message == null ? Failure.describe(cause) : message;
  }

  /**
   * Copies a container.
   *
   * @param struct a dvdi_container
   */
  static Container container(MemorySegment struct) {
    return new Container(
        new ContainerId(Texts.read(dvdi_container.id(struct))),
        Path.of(Texts.read(dvdi_container.sandbox(struct))),
        Texts.readOptional(dvdi_container.rootfs(struct)).map(root -> image(root, struct)),
        Texts.readEntries(
            dvdi_container.environment(struct),
            dvdi_container.environment_count(struct),
            name -> name.startsWith(VARIABLES)),
        volumes(dvdi_container.volumes(struct), dvdi_container.volumes_count(struct)),
        Texts.readOptional(dvdi_container.user(struct)));
  }

  private static Container.Image image(String root, MemorySegment struct) {
    return new Container.Image(
        Path.of(root),
        Path.of(Texts.readOptional(dvdi_container.rootfs_sandbox(struct)).orElse("/")));
  }

  private static List<ContainerVolume> volumes(MemorySegment array, long count) {
    List<ContainerVolume> volumes = new ArrayList<>();
    MemorySegment all = array.reinterpret(count * dvdi_volume.layout().byteSize());
    for (long i = 0; i < count; i++) {
      MemorySegment struct = dvdi_volume.asSlice(all, i);
      volumes.add(
          new ContainerVolume(
              Texts.readOptional(dvdi_volume.driver(struct)),
              Texts.read(dvdi_volume.name(struct)),
              Texts.read(dvdi_volume.container_path(struct)),
              Texts.readEntries(
                  dvdi_volume.options(struct), dvdi_volume.options_count(struct), name -> true),
              dvdi_volume.read_only(struct) != 0));
    }
    return volumes;
  }
}
