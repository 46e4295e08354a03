// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A volume of type DOCKER_VOLUME in a task's ContainerInfo, not yet checked (mesos.proto,
 * Volume.Source).
 *
 * @param driver absent: the default driver
 */
public record ContainerVolume(
    Optional<String> driver,
    String name,
    String containerPath,
    List<Map.Entry<String, String>> options,
    boolean readOnly) {}
