// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A point in time on the monotonic clock. One deadline is passed through all steps of a call, so
 * that their waits do not add up.
 *
 * <p>Immutable.
 */
public final class Deadline {
  private final long end;
  private final Duration span;

  private Deadline(long end, Duration span) {
    this.end = end;
    this.span = span;
  }

  /** No deadline. */
  public static Deadline never() {
    return after(Duration.ofDays(36500));
  }

  /** A deadline that is this long from now. */
  public static Deadline after(Duration span) {
    return new Deadline(System.nanoTime() + span.toNanos(), span);
  }

  /** The earlier of this deadline and another. */
  public Deadline orEarlier(Deadline other) {
    return other.left().compareTo(left()) < 0 ? other : this;
  }

  /** The remaining time. Zero if the deadline has passed, never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** The whole time that was given, for messages. */
  public Duration span() {
    return span;
  }

  /** {@link #span} as text, in seconds or milliseconds. */
  public String words() {
    return span.toMillis() % 1000 == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
  }

  /**
   * Waits for an operation to end, successfully or not.
   *
   * @return false if the deadline came first, or if the thread was interrupted
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
