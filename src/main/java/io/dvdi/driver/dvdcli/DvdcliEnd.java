// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import io.dvdi.driver.DriverWords;
import io.dvdi.driver.Program;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.CutOff;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.NotSent;
import io.dvdi.volume.Options;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the end of dvdcli means. Its exit status 0 says little, as a flag that it does not know
 * gives that too, and 1 may mean that the plugin refused, or was not there, or went away.
 */
final class DvdcliEnd {
  /** Exit statuses above it are signals, as waitpid(2) and the shell have them. */
  private static final int LAST_STATUS = 128;

  /**
   * A request whose connection broke, be it sent again or not, or whose answer could not be read. A
   * refusal has the method without a slash.
   */
  private static final Pattern CUT_OFF =
      Pattern.compile(
          "/VolumeDriver\\.(Create|Mount|Unmount)\\b"
              + "|VolumeDriver\\.(Create|Mount|Unmount): error reading plugin resp");

  /** The last words of a run that did not get as far as that. */
  private static final Pattern NOT_SENT =
      Pattern.compile(
          "Error looking up volume plugin|Missing volume driver"
              + " name|/VolumeDriver\\.(Get|List)\\b");

  private DvdcliEnd() {}

  /** What a run ended with; absent if it succeeded. */
  static Optional<CallEnd> failure(String command, Program.Ended ended, Options options) {
    // What follows on a panic is only where in dvdcli that was.
    String complaint =
        ended
            .error()
            .lines()
            .filter(line -> line.startsWith("Error:") || line.startsWith("panic:"))
            .findFirst()
            .orElse("");
    if (ended.status() == 0 && complaint.isEmpty()) {
      return Optional.empty();
    }
    String words =
        complaint.isEmpty()
            ? DriverWords.end(ended.error(), ended.errorWhole(), options)
            : DriverWords.start(
                complaint, ended.errorWhole() || !ended.error().endsWith(complaint), options);
    String message =
        "`dvdcli %s` failed (exit status %d): %s"
            .formatted(command, ended.status(), words.isEmpty() ? "it wrote nothing" : words);
    if (ended.status() > LAST_STATUS
        || complaint.startsWith("panic:")
        || CUT_OFF.matcher(ended.error()).find()) {
      return Optional.of(new CutOff(message));
    }
    String last = ended.error().lines().reduce((first, second) -> second).orElse("");
    return Optional.of(
        complaint.startsWith("Error:") || NOT_SENT.matcher(last).find()
            ? new NotSent(message)
            : new Failed(message));
  }
}
