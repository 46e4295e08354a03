// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.dvdi.bindings.contract.dvdi_h;
import io.dvdi.bindings.contract.dvdi_module;
import io.dvdi.isolator.Isolator;
import io.dvdi.isolator.Launch;
import io.dvdi.isolator.Metrics;
import io.dvdi.isolator.VolumeUsage;
import io.dvdi.volume.FileSystem;
import io.dvdi.volume.RequestRules;
import io.dvdi.volume.VolumeId;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.stubbing.Answer;

/**
 * The upcalls, called through their function pointers. A Throwable that escaped one would end this
 * JVM, and so this test run.
 */
class CallsTest {
  private final RecordingHost host = new RecordingHost();
  private final Isolator isolator = mock(Isolator.class);
  private final CompletableFuture<@Nullable Void> rehearsed =
      CompletableFuture.completedFuture(null);
  private boolean closed;

  @BeforeEach
  void fill() {
    new Calls(new Host(host.host), isolator, () -> rehearsed, () -> closed = true).fill(host.table);
  }

  @AfterEach
  void free() {
    host.close();
  }

  /** Something of each kind that a virtual machine or a library can throw. */
  static Stream<Throwable> throwables() {
    return Stream.of(
        new IllegalStateException("a defect"),
        new Exception("a checked one, which no signature allows"),
        new OutOfMemoryError("Java heap space"),
        new OutOfMemoryError(
            "unable to create native thread: possibly out of memory or process/resource limits"
                + " reached"),
        new AssertionError("should not reach here", new OutOfMemoryError()),
        new StackOverflowError(),
        new NoClassDefFoundError("io/dvdi/Missing"),
        new ExceptionInInitializerError("static"),
        new AssertionError("never"),
        new ThreadDeathLike(),
        new Throwable("the root of all"));
  }

  /** As a Throwable from another language may be: its message throws, too. */
  static final class ThreadDeathLike extends Error {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }

  static Stream<Arguments> throwablesInEveryCall() {
    return Stream.of("recover", "prepare", "cleanup", "usage", "watch")
        .flatMap(call -> throwables().map(thrown -> Arguments.of(call, thrown.getClass(), thrown)));
  }

  private int call(String name) {
    return switch (name) {
      case "recover" -> host.recover("c1");
      case "prepare" -> host.prepare(host.container("c1", "/sandbox", Map.of()));
      case "usage" -> host.usage("c1");
      case "watch" -> host.watch("c1");
      default -> host.cleanup("c1");
    };
  }

  private void everyCallDoes(Answer<?> behaviour) {
    when(isolator.recover(any())).thenAnswer(behaviour);
    when(isolator.prepare(any())).thenAnswer(behaviour);
    when(isolator.cleanup(any())).thenAnswer(behaviour);
    when(isolator.usage(any())).thenAnswer(behaviour);
    when(isolator.watch(any())).thenAnswer(behaviour);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("throwablesInEveryCall")
  void whateverIsThrownTheCallIsRefusedAndTheProcessLives(
      String call, Class<?> kind, Throwable thrown) {
    everyCallDoes(
        invocation -> {
          sneak(thrown);
          return null;
        });
    assertEquals(codeOf(thrown), call(call));
    assertNull(host.answers.poll());
  }

  private static int codeOf(Throwable thrown) {
    if (thrown instanceof OutOfMemoryError
        && String.valueOf(thrown.getMessage()).contains("thread")) {
      return dvdi_h.DVDI_NO_THREAD();
    }
    if (thrown instanceof OutOfMemoryError || thrown.getCause() instanceof OutOfMemoryError) {
      return dvdi_h.DVDI_OUT_OF_MEMORY();
    }
    if (thrown instanceof StackOverflowError) {
      return dvdi_h.DVDI_NO_STACK();
    }
    return thrown instanceof LinkageError ? dvdi_h.DVDI_NOT_LOADED() : dvdi_h.DVDI_FAULT();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("throwablesInEveryCall")
  void whateverAFutureEndsWithTheHostGetsOneFailedAnswer(
      String call, Class<?> kind, Throwable thrown) {
    everyCallDoes(invocation -> CompletableFuture.failedFuture(thrown));
    assertEquals(dvdi_h.DVDI_ACCEPTED(), call(call));
    RecordingHost.Answer answer = host.answer();
    assertTrue(answer.failed());
    assertTrue(!answer.failure().isEmpty());
    assertNull(host.answers.poll());
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void outOfMemoryForRealInACallIsRefused() {
    everyCallDoes(invocation -> List.of(new long[Integer.MAX_VALUE], new long[Integer.MAX_VALUE]));
    for (String call : List.of("recover", "prepare", "cleanup", "usage", "watch")) {
      assertEquals(dvdi_h.DVDI_OUT_OF_MEMORY(), call(call));
    }
  }

  @Test
  void aStackThatOverflowsForRealInACallIsRefused() {
    everyCallDoes(invocation -> overflow(1));
    for (String call : List.of("recover", "prepare", "cleanup", "usage", "watch")) {
      assertEquals(dvdi_h.DVDI_NO_STACK(), call(call));
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int overflow(int depth) {
    return overflow(depth + 1) + 1;
  }

  @Test
  void anAnswerSaysWhichLimitToRaise() {
    Map<Throwable, String> advice =
        Map.of(
            new OutOfMemoryError("Java heap space"), "raise -Xmx",
            new OutOfMemoryError("unable to create native thread"), "TasksMax",
            new StackOverflowError(), "LimitSTACK",
            new NoClassDefFoundError("io/dvdi/Missing"), "restart the agent");
    advice.forEach(
        (thrown, text) -> {
          when(isolator.prepare(any())).thenReturn(CompletableFuture.failedFuture(thrown));
          call("prepare");
          String failure = host.answer().failure();
          assertTrue(failure.contains(text), failure);
          assertTrue(!failure.contains("bug"), failure);
        });
  }

  /** The entrypoint calls each function so at boot, to have the JVM load all that it needs. */
  @Test
  void aCallWithTheNumber0DoesNothing() {
    assertEquals(
        dvdi_h.DVDI_OUT_OF_MEMORY(),
        dvdi_module.prepare.invoke(
            dvdi_module.prepare(host.table), 0, host.container("c1", "/sandbox", Map.of())));
    assertEquals(
        dvdi_h.DVDI_OUT_OF_MEMORY(), dvdi_module.close.invoke(dvdi_module.close(host.table), 0));
    verifyNoInteractions(isolator);
    assertTrue(!closed);
  }

  /**
   * FFM makes an object of a pointer before it calls the method, where no code of ours can help.
   */
  @Test
  void theFunctionsOfTheTableTakeTheirPointersAsNumbers() throws Exception {
    for (Method function : Upcall.class.getDeclaredMethods()) {
      if (function.getName().equals("enter")) {
        assertTrue(Stream.of(function.getParameterTypes()).allMatch(long.class::equals));
      }
    }
    for (FunctionDescriptor declared :
        List.of(
            dvdi_module.recover.descriptor(),
            dvdi_module.prepare.descriptor(),
            dvdi_module.cleanup.descriptor(),
            dvdi_module.usage.descriptor(),
            dvdi_module.watch.descriptor(),
            dvdi_module.close.descriptor())) {
      for (MemoryLayout argument : declared.argumentLayouts()) {
        assertEquals(Long.BYTES, argument.byteSize());
      }
      assertEquals(ValueLayout.JAVA_INT, declared.returnLayout().orElseThrow());
    }
  }

  @Test
  void theEntrypointAllowsAsManyVolumesAsATaskMayHave() {
    assertEquals(RequestRules.SLOTS, dvdi_h.DVDI_MOST_VOLUMES());
  }

  @Test
  void theAnswerToPrepareCarriesBindsAndVariables() {
    when(isolator.prepare(any()))
        .thenReturn(
            CompletableFuture.completedFuture(
                new Launch(
                    List.of(
                        new Launch.Bind(
                            Path.of("/mnt/ä/in"),
                            Optional.of(new Launch.Mount("8:1", "/rööt", "/mnt/ä")),
                            Path.of("/sandbox/data"),
                            false,
                            true),
                        new Launch.Bind(
                            Path.of("/mnt/b"),
                            Optional.empty(),
                            Path.of("/sandbox/b"),
                            true,
                            false)),
                    Map.of("DVDI_VOLUME_MOUNTPOINT", "/sandbox/data"))));
    call("prepare");
    RecordingHost.Answer answer = host.answer();
    assertEquals(
        List.of(
            "/mnt/ä/in of 8:1 /rööt /mnt/ä -> /sandbox/data rw,suid", "/mnt/b -> /sandbox/b ro"),
        answer.binds());
    assertEquals(Map.of("DVDI_VOLUME_MOUNTPOINT", "/sandbox/data"), answer.environment());
  }

  @Test
  void theAnswerToUsageCarriesEachVolume() {
    when(isolator.usage(any()))
        .thenReturn(
            CompletableFuture.completedFuture(
                List.of(
                    new VolumeUsage(
                        new VolumeId("rexray", "pg"),
                        Path.of("/mnt/pg"),
                        new FileSystem("ext4", 1000, 400, 500, false)))));
    call("usage");
    assertEquals(List.of("rexray/pg at /mnt/pg: 400 of 1000"), host.answer().usage());
  }

  @Test
  void theAnswerToWatchSaysWhyTheContainerHasToEnd() {
    when(isolator.watch(any()))
        .thenReturn(CompletableFuture.completedFuture(Optional.of("pg is lost")))
        .thenReturn(CompletableFuture.completedFuture(Optional.empty()));
    call("watch");
    assertEquals("pg is lost", host.answer().limitation());
    call("watch");
    assertEquals("", host.answer().limitation());
  }

  @Test
  void eachMetricHasItsOwnNumber() {
    Host measured = new Host(host.host);
    for (Metrics.Metric metric : Metrics.Metric.values()) {
      measured.measure(metric, 7);
    }
    assertEquals(dvdi_h.DVDI_METRICS(), host.metrics.size());
  }

  @Test
  void argumentsAreCopiedAndOnlyOurVariablesAre() {
    io.dvdi.isolator.Container[] seen = new io.dvdi.isolator.Container[1];
    when(isolator.prepare(any()))
        .thenAnswer(
            invocation -> {
              seen[0] = invocation.getArgument(0);
              return CompletableFuture.completedFuture(new Launch(List.of(), Map.of()));
            });
    host.prepare(
        host.container(
            "parent.child",
            "/sandbox",
            Map.of("SECRET", "x", "DVDI_VOLUME_NAME", "naïve"),
            new RecordingHost.Volume("", "vol", "path", Map.of("size", "5"), true)));
    assertEquals("parent.child", seen[0].id().value());
    assertEquals(List.of(Map.entry("DVDI_VOLUME_NAME", "naïve")), seen[0].environment());
    assertTrue(seen[0].image().isEmpty());
    assertEquals("vol", seen[0].volumes().get(0).name());
    assertTrue(seen[0].volumes().get(0).driver().isEmpty());
    assertTrue(seen[0].volumes().get(0).readOnly());
    assertEquals(List.of(Map.entry("size", "5")), seen[0].volumes().get(0).options());
  }

  @Test
  void anEmptyContainerIdIsRefused() {
    assertEquals(dvdi_h.DVDI_FAULT(), host.cleanup(""));
    assertTrue(host.log.stream().anyMatch(line -> line.contains("empty ID")), host.log.toString());
  }

  @Test
  void afterCloseEveryCallIsRefused() {
    assertEquals(dvdi_h.DVDI_ACCEPTED(), host.closeModule());
    assertTrue(!host.answer().failed());
    assertTrue(closed);
    for (String call : List.of("recover", "prepare", "cleanup", "usage", "watch")) {
      assertEquals(dvdi_h.DVDI_CLOSED(), call(call));
    }
    assertEquals(dvdi_h.DVDI_CLOSED(), host.closeModule());
  }

  @Test
  void aLogLineHasNoBreaks() {
    new Host(host.host).warning("two\nlines\r\nof text");
    assertEquals(List.of("1 two lines of text"), host.log);
  }
}
