// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator decides.
 *
 * @param defaultDriver for tasks that name none
 * @param dvdcli the only program that a task may name: the one that would run anyway
 * @param plainDirectories drivers that hand out directories of the host's own file systems on
 *     purpose
 * @param mountTimeout after which a container fails whose volumes are not there
 * @param unmountTimeout after which nobody waits for an unmount any more; it is tried again later
 * @param watchInterval the pause between two looks at the volumes that containers hold
 * @param endsLost containers are ended whose volumes are lost
 * @param ownedByTask a volume is given to the user of the task that has it mounted
 * @param neighbour another isolator, to which the volumes of ContainerInfo are left
 * @param compatibility what is to be as mesos-module-dvdi has it
 * @param firstRetry the pause before a failed unmount is tried again; doubled each time
 * @param longestRetry the longest such pause
 */
public record Policy(
    String defaultDriver,
    String dvdcli,
    Set<String> plainDirectories,
    Duration mountTimeout,
    Duration unmountTimeout,
    Duration watchInterval,
    boolean endsLost,
    boolean ownedByTask,
    Optional<Neighbour> neighbour,
    Compatibility compatibility,
    Duration firstRetry,
    Duration longestRetry) {}
