// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.volume.ContainerPath;
import io.dvdi.volume.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a container will see a volume.
 *
 * @param onHost the folder over which the volume is bind-mounted
 * @param inContainer its path as the task sees it
 */
record Target(Path onHost, Path inContainer) {
  /**
   * Without an image, a task runs the host's own programs, and the launcher's work in the same
   * folders. Not even root's tasks have a volume over one of these.
   */
  private static final Set<String> SYSTEM =
      Set.of(
          "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "root", "run",
          "sbin", "sys", "usr");

  /**
   * Finds the target; null if the task sees the volume where the host does, which is impossible in
   * an image.
   *
   * @param allowed folders of the host, see {@link #checkAllowed}
   */
  static @Nullable Target of(
      Container container,
      Optional<ContainerPath> path,
      String field,
      List<Path> allowed,
      Folders folders) {
    if (path.isPresent()) {
      return of(container, path.get(), field, allowed, folders);
    }
    if (container.image().isPresent()) {
      throw new InvalidRequestException(
          "%s: the volume has no container path, and the task has an image of its own, in which the folders of the host are not to be seen; set %s"
              .formatted(field, field.replaceFirst("NAME", "CONTAINERPATH")));
    }
    return null;
  }

  /**
   * Finds the target, and makes its folder if that is the container's own. The rules are those of
   * Mesos' docker/volume: a relative path is made in the sandbox, and an absolute one in the image.
   * Without an image, an absolute path must exist. Below /tmp it is made, as mesos-module-dvdi
   * does, but only where nobody but root can replace it.
   *
   * <p>A folder that was made there is never removed: another container may have a bind mount on
   * it, which rmdir(2) would remove (mount_namespaces(7), since Linux 3.18).
   */
  private static Target of(
      Container container, ContainerPath path, String field, List<Path> allowed, Folders folders) {
    try {
      if (!path.absolute()) {
        Path inSandbox = inSandbox(container, path, folders);
        if (container.image().isEmpty()) {
          return new Target(inSandbox, inSandbox);
        }
        // The host binds the sandbox into the image before it makes our binds.
        Container.Image image = container.image().get();
        Path inContainer = image.sandbox().resolve(path.toString());
        return new Target(below(image.root(), inContainer), inContainer);
      }
      Path inContainer = Path.of(path.toString());
      if (container.image().isPresent()) {
        return new Target(
            folders.find(container.image().get().root(), path.components(), true, false),
            inContainer);
      }
      if (container.sandbox().startsWith(inContainer)) {
        throw new InvalidRequestException(
            "%s: the container path %s would cover the task's own sandbox; name another path"
                .formatted(field, path));
      }
      if (SYSTEM.contains(path.components().get(0))) {
        throw new InvalidRequestException(
            "%s: the container path %s lies in a system folder of the host, and the task has no image of its own; name another path"
                .formatted(field, path));
      }
      checkAllowed(container, inContainer, field, allowed);
      boolean make = path.components().get(0).equals("tmp");
      return new Target(folders.find(Path.of("/"), path.components(), make, make), inContainer);
    } catch (IOException e) {
      throw new InvalidRequestException(
          "%s: the container path %s cannot be used: %s".formatted(field, path, e.getMessage()), e);
    }
  }

  /** Down from a folder that no task's user can replace: links in between are not followed. */
  private static Path inSandbox(Container container, ContainerPath path, Folders folders)
      throws IOException {
    Path outermost = container.outermostSandbox();
    List<String> components = new ArrayList<>();
    outermost.relativize(container.sandbox()).forEach(name -> components.add(name.toString()));
    components.removeIf(String::isEmpty); // which it is if the two are the same
    components.addAll(path.components());
    return folders.find(outermost, components, true, false);
  }

  /**
   * A program of the host with the set-user-ID bit believes what it finds at fixed paths:
   * libraries, settings, sockets such as that of D-Bus. Nobody has a list of them all. So a task
   * that is not root's has a volume only where the operator knows that nothing is looked up.
   */
  private static void checkAllowed(
      Container container, Path inContainer, String field, List<Path> allowed) {
    if (container.isRoots() || allowed.stream().anyMatch(inContainer::startsWith)) {
      return;
    }
    throw new InvalidRequestException(
        "%s: the container path %s is on the host, where a task of user '%s' without an image may have volumes in these folders: %s (parameter container_paths); write a path without the slash at its start, which is in the sandbox, or let the operator add the folder"
            .formatted(
                field,
                inContainer,
                container.user().orElseThrow(),
                allowed.isEmpty()
                    ? "none"
                    : allowed.stream().map(Path::toString).collect(Collectors.joining(", "))));
  }

  private static Path below(Path root, Path absolute) {
    return root.resolve(Path.of("/").relativize(absolute));
  }
}
