// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A moment after which nobody waits any more, on the monotonic clock. One is handed through all
 * that happens for one call, so that waits add up to no more than promised.
 */
public final class Deadline {
  private final long end;
  private final Duration span;

  private Deadline(long end, Duration span) {
    this.end = end;
    this.span = span;
  }

  /** No deadline: for calls whose answer is awaited however late it is. */
  public static Deadline never() {
    return after(Duration.ofDays(36500));
  }

  /** The moment this long from now. */
  public static Deadline after(Duration span) {
    return new Deadline(System.nanoTime() + span.toNanos(), span);
  }

  /** This one, or another that comes first. */
  public Deadline orEarlier(Deadline other) {
    return other.left().compareTo(left()) < 0 ? other : this;
  }

  /** What is left; zero when it has passed, never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** How long it was when it was set, for messages. */
  public Duration span() {
    return span;
  }

  /** {@link #span} in words: seconds, or milliseconds where those say more. */
  public String words() {
    return span.toMillis() % 1000 == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
  }

  /**
   * Waits for an operation to end, however it ends; false when that was not before the deadline.
   */
  public boolean ended(Future<?> operation) {
    try {
      operation.get(left().toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
