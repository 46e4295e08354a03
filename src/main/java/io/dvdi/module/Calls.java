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
import io.dvdi.volume.AgentLocale;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.ContainerVolume;
import io.dvdi.volume.InvalidRequestException;
import java.lang.foreign.Arena;
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
import org.jspecify.annotations.Nullable;

/**
 * The upcalls: each copies its arguments, hands them on and returns. An exception that left one
 * would end the agent's process, so all go through {@link #guarded}.
 */
@SuppressWarnings("restricted") // the host's structs come as addresses
final class Calls {
  /** The rest of a task's environment is not looked at. */
  private static final String VARIABLES = "DVDI_VOLUME_";

  private final Host host;
  private final Isolator isolator;
  private final Runnable close;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param close ends everything; may take a while
   */
  Calls(Host host, Isolator isolator, Runnable close) {
    this.host = host;
    this.isolator = isolator;
    this.close = close;
  }

  /** Makes the stubs and puts them into the host's table. They live as long as the process. */
  void fill(MemorySegment table) {
    dvdi_module.recover(table, dvdi_module.recover.allocate(this::recover, Arena.global()));
    dvdi_module.prepare(table, dvdi_module.prepare.allocate(this::prepare, Arena.global()));
    dvdi_module.cleanup(table, dvdi_module.cleanup.allocate(this::cleanup, Arena.global()));
    dvdi_module.usage(table, dvdi_module.usage.allocate(this::usage, Arena.global()));
    dvdi_module.watch(table, dvdi_module.watch.allocate(this::watch, Arena.global()));
    dvdi_module.close(table, dvdi_module.close.allocate(this::close, Arena.global()));
    dvdi_module.version(table, dvdi_h.DVDI_VERSION());
  }

  int recover(long call, MemorySegment containers, long count) {
    return guarded(
        () -> {
          MemorySegment all = containers.reinterpret(count * dvdi_string.layout().byteSize());
          Set<ContainerId> alive = new HashSet<>();
          for (long i = 0; i < count; i++) {
            String name = Texts.read(dvdi_string.asSlice(all, i));
            try {
              alive.add(new ContainerId(name));
            } catch (InvalidRequestException e) {
              // Such a container was never prepared, and an agent whose recover fails does not
              // start.
              host.warning("a container is not recovered: " + e.getMessage());
            }
          }
          answer(call, isolator.recover(alive), (nothing, number) -> host.done(number));
        });
  }

  int prepare(long call, MemorySegment container) {
    return guarded(
        () -> {
          CompletableFuture<Launch> prepared;
          try {
            prepared =
                isolator.prepare(
                    container(container.reinterpret(dvdi_container.layout().byteSize())));
          } catch (InvalidPathException e) {
            prepared = CompletableFuture.failedFuture(e);
          }
          answer(call, prepared, (launch, number) -> host.launch(number, launch));
        });
  }

  int cleanup(long call, MemorySegment container) {
    return guarded(
        () ->
            answer(call, isolator.cleanup(id(container)), (nothing, number) -> host.done(number)));
  }

  int usage(long call, MemorySegment container) {
    return guarded(
        () ->
            answer(
                call, isolator.usage(id(container)), (usage, number) -> host.usage(number, usage)));
  }

  int watch(long call, MemorySegment container) {
    return guarded(
        () ->
            answer(
                call,
                isolator.watch(id(container)),
                (reason, number) ->
                    reason.ifPresentOrElse(
                        text -> host.limitation(number, text), () -> host.done(number))));
  }

  private static ContainerId id(MemorySegment string) {
    return new ContainerId(Texts.read(string.reinterpret(dvdi_string.layout().byteSize())));
  }

  int close(long call) {
    return guarded(
        () -> {
          Thread closing =
              new Thread(
                  () -> {
                    try {
                      close.run();
                    } finally {
                      host.done(call);
                    }
                  },
                  "dvdi close");
          closing.setDaemon(true);
          if (!closed.compareAndSet(false, true)) {
            throw new IllegalStateException("it is closed already");
          }
          try {
            closing.start();
          } catch (Error e) {
            closed.set(false); // no thread could be had; the host may try again
            throw e;
          }
        });
  }

  private int guarded(Runnable body) {
    try {
      if (closed.get()) {
        return dvdi_h.DVDI_CLOSED();
      }
      body.run();
      return dvdi_h.DVDI_ACCEPTED();
    } catch (OutOfMemoryError e) {
      return dvdi_h.DVDI_OUT_OF_MEMORY();
    } catch (Throwable e) {
      return fault(e);
    }
  }

  private int fault(Throwable e) {
    try {
      host.error("a call was refused: " + e);
    } catch (Throwable another) {
      // The code that is returned says enough.
    }
    return dvdi_h.DVDI_FAULT();
  }

  /**
   * Answers when the future ends; also when it has ended already, and also when saying why takes
   * memory that is not there.
   */
  private <T extends @Nullable Object> void answer(
      long call, CompletableFuture<T> future, BiConsumer<T, Long> success) {
    Long number = call;
    CompletableFuture<T> unused =
        future.whenComplete(
            (result, failure) -> {
              if (failure == null) {
                success.accept(result, number);
              } else {
                host.failed(number, reason(failure));
              }
            });
  }

  private static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    try {
      if (cause instanceof InvalidPathException path) {
        return AgentLocale.reason(path);
      }
      String message = cause.getMessage();
      return cause instanceof Error || message == null ? "a bug in the module: " + cause : message;
    } catch (Throwable e) {
      return "out of memory";
    }
  }

  private static Container container(MemorySegment struct) {
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
