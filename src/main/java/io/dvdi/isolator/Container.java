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
 * @param image absent: it sees the host's files
 * @param environment its variables, in their order
 * @param volumes of its ContainerInfo
 * @param user of the host, as whom the task runs; absent: the agent's user
 */
public record Container(
    ContainerId id,
    Path sandbox,
    Optional<Image> image,
    List<Map.Entry<String, String>> environment,
    List<ContainerVolume> volumes,
    Optional<String> user) {

  /**
   * An image.
   *
   * @param root of its files, on the host
   * @param sandbox where the container's sandbox appears inside of it
   */
  public record Image(Path root, Path sandbox) {}

  /**
   * The sandbox of the outermost container. That of a nested one lies below it, at &lt;sandbox of
   * the parent&gt;/containers/&lt;name&gt;, and the parent's user can replace every folder in
   * between.
   */
  Path outermostSandbox() {
    Path outermost = sandbox;
    String id = this.id.value();
    for (int dot = id.lastIndexOf('.'); dot > 0; dot = id.lastIndexOf('.')) {
      Path own = Path.of("containers", id.substring(dot + 1));
      if (!outermost.endsWith(own) || outermost.getNameCount() <= own.getNameCount()) {
        break;
      }
      outermost = outermost.resolve("../..").normalize();
      id = id.substring(0, dot);
    }
    return outermost;
  }

  /** Whether its tasks can do on the host whatever they want, since the agent is root. */
  boolean isRoots() {
    return user().orElse("root").equals("root");
  }
}
