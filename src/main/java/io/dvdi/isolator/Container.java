// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.volume.ContainerId;
import io.dvdi.volume.ContainerVolume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container that is about to be launched, as the host describes it.
 *
 * @param sandbox its folder on the host
 * @param rootfs the root of its image on the host; absent without an image
 * @param rootfsSandbox where the sandbox appears inside the image; absent without one
 * @param environment its variables, in their order
 * @param volumes of its ContainerInfo
 * @param user of the host, as whom the task runs; absent: the agent's user
 */
public record Container(
    ContainerId id,
    Path sandbox,
    Optional<Path> rootfs,
    Optional<Path> rootfsSandbox,
    List<Map.Entry<String, String>> environment,
    List<ContainerVolume> volumes,
    Optional<String> user) {}
