// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.volume.FileSystem;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Checks whether file systems answer. A file system that hangs blocks only the thread that asked
 * first; others wait for the same answer. Answers are kept by mount, not by path, so after {@code
 * umount -l} a new mount at the same path is checked again. Thread-safe.
 */
final class FileSystemHealth {
  private static final Set<Integer> DEAD =
      Set.of(libc_h.ENOTCONN(), libc_h.ESTALE(), libc_h.EIO(), libc_h.ENODEV());

  /**
   * What a file system answered.
   *
   * @param fileSystem present if it answers
   */
  record Answer(Health health, Optional<FileSystem> fileSystem) {
    static final Answer DEAD = new Answer(Health.DEAD, Optional.empty());
    private static final Answer SILENT = new Answer(Health.SILENT, Optional.empty());
  }

  private record Question(long since, CompletableFuture<Answer> answer) {}

  private final ConcurrentMap<Evidence, Question> asked = new ConcurrentHashMap<>();
  private final Duration timeout;

  FileSystemHealth(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * Asks the file system of a mount. Blocks for as long as it hangs, but only the thread that asks
   * first.
   *
   * @param path on that mount
   */
  Answer ask(Evidence mount, String path) {
    Question mine = new Question(System.nanoTime(), new CompletableFuture<>());
    Question earlier = asked.putIfAbsent(mount, mine);
    if (earlier != null) {
      return waitFor(earlier);
    }
    Answer answer = Answer.SILENT;
    try {
      answer = answer(path);
    } finally {
      asked.remove(mount, mine);
      mine.answer.complete(answer);
    }
    return answer;
  }

  private Answer waitFor(Question earlier) {
    long left = timeout.toNanos() - (System.nanoTime() - earlier.since);
    try {
      return earlier.answer.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return Answer.SILENT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.SILENT;
    }
  }

  private static Answer answer(String path) {
    try {
      return new Answer(Health.ANSWERS, Optional.of(LinuxFileSystem.at(path)));
    } catch (LinuxException e) {
      return isDead(e) ? Answer.DEAD : Answer.SILENT;
    } catch (IOException e) {
      return Answer.SILENT;
    }
  }

  /** Whether a file system that answers in this way will not come back. */
  static boolean isDead(LinuxException failure) {
    return DEAD.contains(failure.errno());
  }
}
