// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Fills the table of dvdi.h with functions whose behaviour tests choose: through the parameter
 * {@code boot} (how boot itself fails, or that it starts a program), through {@code journal} (a
 * file that every call is written to), and through the names of volumes.
 *
 * <p>The parameter {@code usage} makes one volume with a name, and {@code limitation} is what watch
 * answers with.
 *
 * <ul>
 *   <li>{@code bind}: asks for a bind of the option {@code source} to the container path, on the
 *       mount of the options {@code device}, {@code root} and {@code mountpoint}
 *   <li>{@code swap}: as {@code bind}, and puts a link to the option {@code source} in place of the
 *       container path's first folder
 *   <li>{@code fail}: fails with a text of two lines
 *   <li>{@code wait}: answers after as many milliseconds as the option {@code for} says
 *   <li>{@code early}: answers before the call has returned
 *   <li>{@code refuse}: refuses the call
 *   <li>{@code never}: never answers
 * </ul>
 */
public final class Boot {
  /** What the calls of the entrypoint with the number 0 return. */
  private static final int REHEARSED = 1;

  private static final int NO_THREAD = 4;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Arena ARENA = Arena.global();
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          body -> {
            Thread thread = new Thread(body);
            thread.setDaemon(true);
            return thread;
          });

  private static MethodHandle log;
  private static MethodHandle complete;
  private static MethodHandle measure;
  private static final Map<String, Long> WATCHES = new ConcurrentHashMap<>();
  private static Map<String, String> parameters = Map.of();

  private Boot() {}

  public static int boot(long address) throws Throwable {
    MemorySegment boot = Structs.at(MemorySegment.ofAddress(address), 56);
    MemorySegment host = Structs.at(boot.get(ADDRESS, 8), 32);
    log = LINKER.downcallHandle(host.get(ADDRESS, 8), FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS));
    complete =
        LINKER.downcallHandle(host.get(ADDRESS, 16), FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS));
    measure =
        LINKER.downcallHandle(
            host.get(ADDRESS, 24), FunctionDescriptor.ofVoid(JAVA_INT, JAVA_LONG));
    parameters = Structs.entries(boot.get(ADDRESS, 16), boot.get(JAVA_LONG, 24));
    parameters.forEach(
        (name, value) -> {
          if (name.startsWith("--")) {
            Journal.add(parameters.get("journal"), "flag " + name + "=" + value);
          }
        });
    MemorySegment module = Structs.at(boot.get(ADDRESS, 32), 56);
    switch (parameters.getOrDefault("boot", "")) {
      case "refuse" -> {
        byte[] text = "The module parameter boot is \"refuse\".".getBytes(StandardCharsets.UTF_8);
        MemorySegment error = Structs.at(boot.get(ADDRESS, 40), boot.get(JAVA_LONG, 48));
        MemorySegment.copy(text, 0, error, JAVA_BYTE, 0, text.length);
        error.set(JAVA_BYTE, text.length, (byte) 0);
        return 1;
      }
      case "silent" -> {
        return 1;
      }
      case "throw" -> throw new IllegalStateException("thrown by boot");
      case "exit" -> System.exit(3);
      case "program" -> {
        if (!new ProcessBuilder("true").start().waitFor(30, TimeUnit.SECONDS)) {
          throw new IllegalStateException("the end of a program was not noticed");
        }
      }
      default -> {}
    }
    module.set(JAVA_INT, 0, "version".equals(parameters.get("boot")) ? 99 : 4);
    module.set(ADDRESS, 8, upcall("recover", JAVA_LONG, ADDRESS, JAVA_LONG));
    module.set(ADDRESS, 16, upcall("prepare", JAVA_LONG, ADDRESS));
    module.set(ADDRESS, 24, upcall("cleanup", JAVA_LONG, ADDRESS));
    module.set(ADDRESS, 32, upcall("usage", JAVA_LONG, ADDRESS));
    module.set(ADDRESS, 40, upcall("watch", JAVA_LONG, ADDRESS));
    if (!"incomplete".equals(parameters.get("boot"))) {
      module.set(ADDRESS, 48, upcall("close", JAVA_LONG));
    }
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> Journal.add(parameters.get("journal"), "shutdown")));
    log(0, "booted");
    return 0;
  }

  private static MemorySegment upcall(String name, MemoryLayout... arguments)
      throws ReflectiveOperationException {
    FunctionDescriptor descriptor = FunctionDescriptor.of(JAVA_INT, arguments);
    MethodType type = descriptor.toMethodType();
    return LINKER.upcallStub(
        MethodHandles.lookup().findStatic(Boot.class, name, type), descriptor, ARENA);
  }

  static int recover(long call, MemorySegment containers, long count) {
    if (call == 0) {
      return REHEARSED;
    }
    List<String> ids = new ArrayList<>();
    MemorySegment array = Structs.at(containers, count * 16);
    for (long i = 0; i < count; i++) {
      ids.add(Structs.string(array, i * 16));
    }
    ids.sort(null);
    Journal.add(parameters.get("journal"), "recover " + String.join(" ", ids));
    THREADS.execute(() -> answer(call, null, List.of(), Map.of()));
    return 0;
  }

  static int prepare(long call, MemorySegment pointer) {
    if (call == 0) {
      return REHEARSED;
    }
    MemorySegment container = Structs.at(pointer, 112);
    String id = Structs.string(container, 0);
    String sandbox = Structs.string(container, 16);
    String user = Structs.string(container, 96);
    Journal.add(parameters.get("journal"), "prepare " + id + (user.isEmpty() ? "" : " as " + user));
    measured(0, 1);
    long count = container.get(JAVA_LONG, 88);
    MemorySegment volumes = Structs.at(container.get(ADDRESS, 80), count * 72);
    List<Answers.Bind> binds = new ArrayList<>();
    String failure = null;
    long delay = 0;
    boolean early = false;
    for (long i = 0; i < count; i++) {
      Map<String, String> options =
          Structs.entries(volumes.get(ADDRESS, i * 72 + 48), volumes.get(JAVA_LONG, i * 72 + 56));
      switch (Structs.string(volumes, i * 72 + 16)) {
        case "bind" -> {
          Path target = Path.of(sandbox).resolve(Structs.string(volumes, i * 72 + 32));
          target.toFile().mkdirs();
          binds.add(
              new Answers.Bind(
                  options.get("source"),
                  mount(options),
                  target.toString(),
                  volumes.get(JAVA_INT, i * 72 + 64)));
        }
        case "swap" -> {
          Path path = Path.of(Structs.string(volumes, i * 72 + 32));
          String source = options.get("source");
          link(Path.of(sandbox).resolve(path.getName(0)), Path.of(source));
          String target = Path.of(sandbox).resolve(path).toString();
          binds.add(
              new Answers.Bind(source, mount(options), target, volumes.get(JAVA_INT, i * 72 + 64)));
        }
        case "fail" -> failure = "the volume is not there\nmake it first";
        case "wait" -> delay = Long.parseLong(options.get("for"));
        case "early" -> early = true;
        case "refuse" -> {
          return 3;
        }
        case "never" -> {
          return 0;
        }
        default -> failure = "unknown volume";
      }
    }
    Map<String, String> environment =
        binds.isEmpty() ? Map.of() : Map.of("MOUNTPOINT", binds.get(0).target());
    String answered = failure;
    long pause = delay;
    if (early) {
      answer(call, answered, binds, environment);
    } else {
      CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS, THREADS)
          .execute(() -> answer(call, answered, binds, environment));
    }
    return 0;
  }

  private static List<String> mount(Map<String, String> options) {
    return List.of(
        options.getOrDefault("device", ""),
        options.getOrDefault("root", ""),
        options.getOrDefault("mountpoint", ""));
  }

  static int cleanup(long call, MemorySegment container) {
    if (call == 0) {
      return REHEARSED;
    }
    String id = Structs.string(Structs.at(container, 16), 0);
    Journal.add(parameters.get("journal"), "cleanup " + id);
    measured(0, 0);
    THREADS.execute(
        () -> {
          Long watch = WATCHES.remove(id);
          if (watch != null) {
            answer(watch, null, List.of(), Map.of());
          }
          answer(call, null, List.of(), Map.of());
        });
    return 0;
  }

  static int usage(long call, MemorySegment container) {
    if (call == 0) {
      return REHEARSED;
    }
    Journal.add(parameters.get("journal"), "usage " + Structs.string(Structs.at(container, 16), 0));
    String name = parameters.get("usage");
    Function<Arena, MemorySegment> made =
        arena -> name == null ? Answers.empty(arena) : Answers.full(arena, name);
    THREADS.execute(() -> complete(call, made));
    return 0;
  }

  static int watch(long call, MemorySegment container) {
    if (call == 0) {
      return REHEARSED;
    }
    String id = Structs.string(Structs.at(container, 16), 0);
    Journal.add(parameters.get("journal"), "watch " + id);
    String limitation = parameters.get("limitation");
    if (limitation == null) {
      WATCHES.put(id, call);
      return 0;
    }
    THREADS.execute(
        () ->
            complete(
                call,
                arena -> {
                  MemorySegment answer = Answers.empty(arena);
                  Structs.put(arena, answer, 72, limitation);
                  return answer;
                }));
    return 0;
  }

  static int close(long call) {
    if (call == 0) {
      return REHEARSED;
    }
    Journal.add(parameters.get("journal"), "close");
    try {
      THREADS.execute(() -> answer(call, null, List.of(), Map.of()));
    } catch (OutOfMemoryError e) {
      return NO_THREAD;
    }
    return 0;
  }

  private static void answer(
      long call, String failure, List<Answers.Bind> binds, Map<String, String> environment) {
    complete(call, arena -> Answers.of(arena, failure, binds, environment));
  }

  private static void complete(long call, Function<Arena, MemorySegment> made) {
    try (Arena arena = Arena.ofConfined()) {
      complete.invokeExact(call, made.apply(arena));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void measured(int metric, long value) {
    try {
      measure.invokeExact(metric, value);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void log(int level, String text) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment string = arena.allocate(16, 8);
      Structs.put(arena, string, 0, text);
      log.invokeExact(level, string);
    }
  }

  private static void link(Path link, Path to) {
    try {
      Files.createSymbolicLink(link, to);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
