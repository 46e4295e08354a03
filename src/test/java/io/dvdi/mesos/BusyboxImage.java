// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The image {@code busybox}, as an agent finds it in a folder that it takes for a registry: a file
 * as docker-save(1) writes it, with one layer.
 */
final class BusyboxImage {
  static final String NAME = "busybox";

  private static final Path PROGRAM = Path.of("/bin/busybox");
  private static final String LAYER = "1".repeat(64);

  private BusyboxImage() {}

  static void write(Path registry, Path scratch) throws Exception {
    if (!Files.isExecutable(PROGRAM)) {
      throw new IllegalStateException(
          PROGRAM + " is missing; install it with: apt-get install busybox-static");
    }
    Path root = rootFileSystem(scratch.resolve("root"));
    Path image = Files.createDirectories(scratch.resolve("image"));
    Path layer = Files.createDirectories(image.resolve(LAYER));
    Files.writeString(layer.resolve("VERSION"), "1.0");
    Files.writeString(layer.resolve("json"), layerJson().toString());
    RealMounts.run("tar", "-C", root.toString(), "-cf", layer.resolve("layer.tar").toString(), ".");
    ObjectNode repositories = Json.object();
    repositories.putObject(NAME).put("latest", LAYER);
    Files.writeString(image.resolve("repositories"), repositories.toString());
    String file = registry.resolve(NAME + ".tar").toString();
    RealMounts.run("tar", "-C", image.toString(), "-cf", file, LAYER, "repositories");
  }

  private static Path rootFileSystem(Path root) throws IOException {
    for (String folder : List.of("bin", "proc", "sys", "dev", "tmp", "etc")) {
      Files.createDirectories(root.resolve(folder));
    }
    Files.copy(PROGRAM, root.resolve("bin/busybox"));
    for (String command : List.of("sh", "cat", "ls", "sleep", "touch", "mount", "id")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(command), Path.of("busybox"));
    }
    return root;
  }

  private static ObjectNode layerJson() {
    ObjectNode json = Json.object().put("id", LAYER).put("created", "2020-01-01T00:00:00Z");
    json.put("architecture", System.getProperty("os.arch").replace("aarch64", "arm64"))
        .put("os", "linux")
        .putObject("container_config");
    ObjectNode config = json.putObject("config").put("WorkingDir", "/");
    config.putArray("Env").add("PATH=/bin");
    config.putArray("Cmd").add("/bin/sh");
    return json;
  }
}
