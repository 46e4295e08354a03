// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the operator configured.
 *
 * @param requests how tasks ask for volumes
 * @param times how long things may take
 * @param endsLost whether containers are ended when their volumes are lost
 * @param ownedByTask whether a volume is given to the user of the task for which it is mounted
 */
public record Policy(Requests requests, Times times, boolean endsLost, boolean ownedByTask) {

  /**
   * How tasks ask for volumes.
   *
   * @param defaultDriver for tasks that name none
   * @param dvdcli the program that runs; a task may name no other
   * @param neighbour another isolator, to which the volumes of ContainerInfo are left
   * @param lenientVariables variables that ask for nothing are ignored rather than refused
   * @param containerPaths folders of the host in which tasks that have no image and are not root's
   *     may have volumes
   */
  public record Requests(
      String defaultDriver,
      String dvdcli,
      Optional<Neighbour> neighbour,
      boolean lenientVariables,
      List<Path> containerPaths) {}

  /**
   * How long things may take.
   *
   * @param mountTimeout after which a container fails if it does not have all of its volumes
   * @param unmountTimeout after which a cleanup is answered although an unmount has not ended
   * @param watchInterval the pause between two checks of the volumes that containers hold
   * @param firstRetry the pause before a failed unmount is tried again; doubled each time
   * @param longestRetry the longest such pause
   */
  public record Times(
      Duration mountTimeout,
      Duration unmountTimeout,
      Duration watchInterval,
      Duration firstRetry,
      Duration longestRetry) {}
}
