// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.ContainerEvent.Inquiry;
import io.dvdi.lifecycle.ContainerState.Stage;
import io.dvdi.lifecycle.ContainerStep.Part;
import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The life of one container: it gets all of its volumes or none, by its deadline. All volumes are
 * wished for at the same time, and none waits for another.
 */
public final class ContainerLife {

  /**
   * What an event leads to.
   *
   * @param state to be kept for the next event
   * @param steps to be carried out in this order
   */
  public record Outcome(ContainerState state, List<ContainerStep> steps) {}

  /** More names than these for one volume mean that the driver's answers do not fit together. */
  private static final int MOST_NAMES = 4;

  private static final String ENDED = "the container was destroyed while it was being prepared";

  private Stage stage;
  private List<Part> parts;
  private long asked;
  private long deadline;
  private final List<ContainerStep> steps = new ArrayList<>();

  private ContainerLife(ContainerState state) {
    this.stage = state.stage();
    this.parts = new ArrayList<>(state.parts());
    this.asked = state.asked();
    this.deadline = state.deadline();
  }

  /**
   * Applies an event. An event that comes too late for the stage changes nothing.
   *
   * @param now in ms of CLOCK_BOOTTIME
   */
  public static Outcome apply(ContainerState state, ContainerEvent event, long now) {
    ContainerLife life = new ContainerLife(state);
    life.apply(event, now);
    return new Outcome(
        new ContainerState(life.stage, List.copyOf(life.parts), life.asked, life.deadline),
        List.copyOf(life.steps));
  }

  private void apply(ContainerEvent event, long now) {
    switch (event) {
      case ContainerEvent.Prepare prepare -> {
        if (stage instanceof ContainerState.Unknown) {
          asked = now;
          deadline = prepare.deadline();
          steps.add(new ContainerStep.WakeAt(deadline)); // armed before the first question
          inquire(Inquiry.VOLUMES);
        } else {
          steps.add(new ContainerStep.Fail(ENDED));
        }
      }
      case ContainerEvent.AsksFor asks -> {
        if (stage instanceof ContainerState.Inquiring) {
          asks.volumes().forEach(volume -> parts.add(new Part(volume, 1, "", Optional.empty())));
          next(parts.isEmpty() ? null : Inquiry.TARGETS);
        }
      }
      case ContainerEvent.Found found -> {
        if (stage instanceof ContainerState.Inquiring(Inquiry inquiry)) {
          next(inquiry == Inquiry.TARGETS ? Inquiry.OWNER : null);
        }
      }
      case ContainerEvent.NotFound notFound -> {
        if (stage instanceof ContainerState.Inquiring) {
          fail(notFound.words());
        }
      }
      case ContainerEvent.Given given -> give(given);
      case ContainerEvent.Refused refused -> {
        if (stage instanceof ContainerState.Waiting) {
          fail(refused.words());
        }
      }
      case ContainerEvent.Redirected redirected -> {
        if (stage instanceof ContainerState.Waiting) {
          redirect(redirected.from(), redirected.to());
        }
      }
      case ContainerEvent.Delayed delayed -> {
        if (stage instanceof ContainerState.Waiting) {
          stage = new ContainerState.Waiting(delayed.words());
        }
      }
      case ContainerEvent.Freed freed -> free(freed.volume());
      case ContainerEvent.Woken woken -> {
        if (now >= deadline) {
          late();
        }
      }
      case ContainerEvent.Cleanup cleanup -> cleanup(cleanup.deadline());
    }
  }

  private void inquire(Inquiry inquiry) {
    stage = new ContainerState.Inquiring(inquiry);
    steps.add(new ContainerStep.Inquire(inquiry));
  }

  private void next(@Nullable Inquiry inquiry) {
    if (inquiry != null) {
      inquire(inquiry);
      return;
    }
    stage = new ContainerState.Waiting("");
    for (int i = 0; i < parts.size(); i++) {
      want(i);
    }
    launchIfComplete();
  }

  private void want(int part) {
    steps.add(new ContainerStep.Want(part, parts.get(part).volume(), deadline));
  }

  private void redirect(VolumeId from, VolumeId to) {
    if (parts.stream().anyMatch(part -> part.volume().equals(to))) {
      parts.removeIf(part -> part.volume().equals(from)); // it is wished for no more
      fail(from + " and " + to + " are one volume of their driver; ask for it once");
      return;
    }
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).volume().equals(from)) {
        redirect(i, to);
        return;
      }
    }
  }

  private void redirect(int index, VolumeId to) {
    Part part = parts.get(index);
    if (part.names() == MOST_NAMES) {
      parts.remove(index);
      fail(
          part.volume()
              + " cannot be used: its driver gives one name after another to it, the last of which"
              + " is "
              + to);
      return;
    }
    parts.set(index, new Part(to, part.names() + 1, "", Optional.empty()));
    want(index);
  }

  private void give(ContainerEvent.Given given) {
    if (stage instanceof ContainerState.Waiting) {
      parts.replaceAll(
          part ->
              part.volume().equals(given.volume())
                  ? new Part(part.volume(), part.names(), given.path(), given.mount())
                  : part);
      launchIfComplete();
    }
  }

  private void launchIfComplete() {
    if (parts.stream().allMatch(Part::isGiven)) {
      stage = new ContainerState.Holding();
      steps.add(new ContainerStep.Launch(List.copyOf(parts)));
      if (parts.isEmpty()) {
        stage = new ContainerState.Over();
      }
    }
  }

  /** Answers the host at once. The undo goes on in the background until it is complete. */
  private void fail(String words) {
    boolean wished = stage instanceof ContainerState.Waiting;
    steps.add(new ContainerStep.Fail(words));
    end(false, wished);
  }

  private void end(boolean awaited, boolean holds) {
    if (!holds) {
      parts.clear();
    }
    for (Part part : parts.reversed()) {
      steps.add(new ContainerStep.Release(part.volume()));
    }
    if (stage instanceof ContainerState.Waiting) {
      // It never had the others, so that its end does not wait for what their drivers do.
      parts.removeIf(part -> !part.isGiven());
    }
    stage = new ContainerState.Ending(awaited);
    finishIfFreed();
  }

  private void free(VolumeId volume) {
    if (stage instanceof ContainerState.Ending) {
      parts.removeIf(part -> part.volume().equals(volume));
      finishIfFreed();
    }
  }

  private void finishIfFreed() {
    if (stage instanceof ContainerState.Ending(boolean awaited) && parts.isEmpty()) {
      stage = new ContainerState.Over();
      if (awaited) {
        steps.add(new ContainerStep.CleanedUp());
      }
    }
  }

  private void late() {
    switch (stage) {
      case ContainerState.Inquiring(Inquiry inquiry) ->
          fail(inquiry.problem + within() + ": " + inquiry.cause);
      case ContainerState.Waiting(String obstacle) -> {
        String missing =
            parts.stream().filter(part -> !part.isGiven()).findFirst().orElseThrow().volume()
                + " was not mounted"
                + within()
                + ": its driver did not answer in time, or an earlier operation on the volume has"
                + " not ended; see the driver's own log, and restart the driver if it hangs";
        fail(obstacle.isEmpty() ? missing : obstacle);
      }
      case ContainerState.Ending(boolean awaited) -> {
        if (awaited) {
          stage = new ContainerState.Ending(false);
          steps.add(new ContainerStep.CleanedUp());
        }
      }
      default -> {}
    }
  }

  private String within() {
    long span =
        (deadline - asked + 50) / 100 * 100; // it was asked a moment before it is known here
    return " within " + (span % 1000 == 0 ? span / 1000 + " s" : span + " ms") + " (mount_timeout)";
  }

  private void cleanup(long until) {
    deadline = until;
    switch (stage) {
      case ContainerState.Unknown unknown -> end(true, false);
      case ContainerState.Over over -> steps.add(new ContainerStep.CleanedUp());
      case ContainerState.Ending ending -> {
        stage = new ContainerState.Ending(true);
        steps.add(new ContainerStep.WakeAt(until));
      }
      case ContainerState.Inquiring inquiring -> {
        steps.add(new ContainerStep.Fail(ENDED));
        end(true, false);
      }
      case ContainerState.Waiting waiting -> {
        steps.add(new ContainerStep.Fail(ENDED));
        steps.add(new ContainerStep.WakeAt(until));
        end(true, true);
      }
      case ContainerState.Holding holding -> {
        steps.add(new ContainerStep.WakeAt(until));
        end(true, true);
      }
    }
  }
}
