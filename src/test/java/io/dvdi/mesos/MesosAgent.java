// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dvdi.testing.RecordFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An agent with the module, in a folder and a cgroup of its own. It can be started again after its
 * end, as the same agent.
 */
final class MesosAgent {
  private final Path folder;
  private final String cgroup;
  private final int port;
  private final Map<String, String> flags = new LinkedHashMap<>();
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, String> environment = new TreeMap<>();
  private final List<Daemon> runs = new ArrayList<>();
  private boolean withModule;
  private Path libraryFile = Installation.library();

  MesosAgent(Path folder, String cgroup, int masterPort) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.cgroup = cgroup;
    this.port = Daemon.freePort();
    flag("ip", "127.0.0.1");
    flag("port", Integer.toString(port));
    flag("hostname", "127.0.0.1");
    flag("master", "127.0.0.1:" + masterPort);
    flag("work_dir", workDir().toString());
    flag("runtime_dir", folder.resolve("run").toString());
    flag("fetcher_cache_dir", folder.resolve("fetch").toString());
    flag("docker_store_dir", folder.resolve("store").toString());
    flag("containerizers", "mesos");
    flag("launcher", "linux");
    flag("image_providers", "docker");
    withModule();
    flag("cgroups_root", cgroup);
    if (!Cgroups.VERSION_1) {
      // Mesos 1.12 and ClusterD abort at the first container otherwise (cgroups2.cpp).
      flag("agent_subsystems", "");
    }
    flag("systemd_enable_support", "false");
    // More than there is, so that tasks wait for nothing but what is tested.
    flag("resources", "cpus:64;mem:65536;disk:65536;ports:[]");
    flag("registration_backoff_factor", "10ms");
    flag("executor_reregistration_timeout", "5secs");
    parameter("state_dir", folder.resolve("state").toString());
    parameter("local_dir", folder.resolve("local").toString());
  }

  MesosAgent flag(String name, String value) {
    flags.put(name, value);
    return this;
  }

  MesosAgent isolation(String... isolators) {
    // Without any isolator of cgroups, Mesos 1.12 and ClusterD abort at their start (cgroups.cpp).
    String cgroups = Cgroups.VERSION_1 ? "cgroups/cpu," : "";
    return flag("isolation", cgroups + String.join(",", isolators));
  }

  MesosAgent parameter(String key, String value) {
    parameters.put(key, value);
    return this;
  }

  MesosAgent variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** As it is without further word. */
  MesosAgent withModule() {
    withModule = true;
    return isolation("filesystem/linux", "docker/runtime", Installation.MODULE);
  }

  /** Loads the module of another build. */
  MesosAgent library(Path other) {
    libraryFile = other;
    return this;
  }

  /** Loads no module. */
  MesosAgent withoutModule() {
    withModule = false;
    return isolation("filesystem/linux", "docker/runtime");
  }

  /** Knows the image busybox. */
  MesosAgent withImage() throws Exception {
    Path images = Files.createDirectories(folder.resolve("images"));
    BusyboxImage.write(images, folder.resolve("image"));
    return flag("docker_registry", images.toString());
  }

  Path folder() {
    return folder;
  }

  String cgroup() {
    return cgroup;
  }

  /** Mesos mounts it on itself, and leaves that mount. */
  Path workDir() {
    return folder.resolve("work");
  }

  Path recordFolder() {
    return Path.of(parameters.getOrDefault("state_dir", "")).resolve("volumes");
  }

  /** Where a local volume is mounted. */
  Path localMount(String volume) {
    return folder.resolve("local").resolve(volume).resolve("mount");
  }

  /** Starts it, and waits until its master knows it. */
  MesosAgent start() throws IOException {
    Daemon run = launch();
    run.await("the agent registers", this::isRegistered);
    if (withModule && libraryFile.equals(Installation.library())) {
      usesWhatIsBesideItsLibrary(run.log());
    }
    return this;
  }

  /** The jars, and the Java if it is a package. */
  private static void usesWhatIsBesideItsLibrary(String log) throws IOException {
    Path home = Installation.home();
    String java = "the JVM of " + (Installation.isPackage() ? home.resolve("runtime") + " (" : "");
    String jars = "with the jars of " + home + " in ";
    assertTrue(
        log.lines().anyMatch(line -> line.contains(java) && line.contains(jars)),
        () -> "the log has no line with '" + java + "' and '" + jars + "':\n" + log);
  }

  /** Starts it without waiting. */
  Daemon launch() throws IOException {
    if (withModule) {
      Path modules = Files.writeString(folder.resolve("modules.json"), modulesJson());
      flag("modules", "file://" + modules);
    }
    List<String> command = new ArrayList<>();
    command.add(Installation.program("mesos-agent"));
    flags.forEach((name, value) -> command.add("--" + name + "=" + value));
    Daemon run = new Daemon(folder, folder.resolve("log-" + runs.size()), environment, command);
    runs.add(run);
    return run;
  }

  private String modulesJson() throws IOException {
    var root = Json.object();
    var library = root.putArray("libraries").addObject();
    library.put("file", libraryFile.toString());
    var module = library.putArray("modules").addObject().put("name", Installation.MODULE);
    var list = module.putArray("parameters");
    parameters.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
    return root.toString();
  }

  private boolean isRegistered() {
    try {
      return metric("slave/registered") == 1 && !id().isEmpty();
    } catch (IOException e) {
      return false; // does not listen, or is recovering
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The latest run. */
  Daemon run() {
    return runs.get(runs.size() - 1);
  }

  boolean isAlive() {
    return !runs.isEmpty() && run().isAlive();
  }

  List<Daemon> runs() {
    return List.copyOf(runs);
  }

  /** The agent's ID at its master. */
  String id() throws IOException, InterruptedException {
    return get("/state").path("id").asText();
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return Http.get(port, path);
  }

  /** A call of its v1 operator API. */
  JsonNode call(JsonNode call) throws IOException, InterruptedException {
    return Http.post(port, call);
  }

  /** Its executors' containers, with their statistics. */
  JsonNode containers() throws IOException, InterruptedException {
    return get("/containers");
  }

  /** A metric of the agent's own snapshot; -1 if there is none of that name. */
  double metric(String name) throws IOException, InterruptedException {
    return get("/metrics/snapshot").path(name).asDouble(-1);
  }

  /** Waits until all containers but this number have been destroyed. */
  void awaitContainers(int number) {
    run()
        .await(
            number + " containers are left",
            () -> {
              try {
                return containers().size() == number;
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }

  /** The records, as paths in {@link #recordFolder}. */
  List<String> records() {
    return RecordFiles.below(recordFolder());
  }
}
