// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the steps of one volume that have no end: answers to containers, its wake-up, and
 * what the operator is told. Used by one thread at a time.
 */
final class VolumeMessages {
  private final VolumeId id;
  private final Parts parts;
  private final BiConsumer<ContainerId, ContainerEvent> containers;
  private final Runnable wake;
  private @Nullable Future<?> timer;

  /**
   * @param containers receive the answers to their wishes
   * @param wake run when the moment of a wake-up has come
   */
  VolumeMessages(
      VolumeId id, Parts parts, BiConsumer<ContainerId, ContainerEvent> containers, Runnable wake) {
    this.id = id;
    this.parts = parts;
    this.containers = containers;
    this.wake = wake;
  }

  /**
   * Waits for memory where there is none: a wake-up or an answer that was lost would never be
   * missed by anybody here. Never throws.
   */
  void carryOut(VolumeStep step) {
    while (true) {
      try {
        attempt(step);
        return;
      } catch (OutOfMemoryError e) {
        Patience.pause();
      } catch (Throwable e) {
        defect(e);
        return;
      }
    }
  }

  /** Reports what should not happen. Never throws. */
  void defect(Throwable e) {
    try {
      parts.log().error("%s: an internal step failed: %s; please report it".formatted(id, e));
    } catch (Throwable another) {
      // No memory to say so.
    }
  }

  private void attempt(VolumeStep step) {
    switch (step) {
      case VolumeStep.Give give ->
          containers.accept(
              give.container(), new ContainerEvent.Given(id, give.path(), give.mount()));
      case VolumeStep.Refuse refuse ->
          containers.accept(refuse.container(), new ContainerEvent.Refused(id, refuse.words()));
      case VolumeStep.Redirect redirect ->
          containers.accept(redirect.container(), new ContainerEvent.Redirected(id, redirect.to()));
      case VolumeStep.Delay delay ->
          containers.accept(delay.container(), new ContainerEvent.Delayed(id, delay.words()));
      case VolumeStep.Freed freed ->
          containers.accept(freed.container(), new ContainerEvent.Freed(id));
      case VolumeStep.WakeAt wakeAt -> wakeAt(wakeAt.moment());
      case VolumeStep.Say say -> say(parts.log(), say);
      case VolumeStep.Action action -> throw new IllegalStateException("it has an end");
    }
  }

  private static void say(Log log, VolumeStep.Say say) {
    switch (say.level()) {
      case INFO -> log.info(say.words());
      case WARNING -> log.warning(say.words());
      case ERROR -> log.error(say.words());
    }
  }

  private void wakeAt(long moment) {
    if (timer != null) {
      timer.cancel(false);
    }
    try {
      timer =
          parts.timer().schedule(wake, Math.max(1, moment - parts.now()), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The module is closing. The next agent goes on.
    }
  }
}
