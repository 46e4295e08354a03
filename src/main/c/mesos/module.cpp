// SPDX-License-Identifier: Apache-2.0
// module.cpp - what mesos-agent finds in this library: the isolator, by the two names that it has had.
#include <unistd.h>

#include <mutex>
#include <string>

#include "adapter.hpp"
#include "agent_flags.hpp"
#include "build.hpp"
#include "java.hpp"
#include "library.hpp"
#include "log.hpp"

namespace dvdi {
namespace {

std::string read_link(const char *path) {
  char target[64];
  ssize_t size = readlink(path, target, sizeof target);
  return size > 0 ? std::string(target, static_cast<size_t>(size)) : "";
}

// The program that makes the binds lies in the folder `dvdi` beside this library, as the jars do.
std::string bind_program() {
  const std::string file = library_path();
  return file.empty() ? "" : file.substr(0, file.rfind('/')) + "/dvdi/dvdi-bind";
}

// The flags that Java decides by. Mesos tells its modules none of them, so that they go with the parameters.
void add_flags(Entries *parameters) {
  for (const char *name : {"isolation", "docker_volume_checkpoint_dir"}) {
    const std::string value = agent_flag(name);
    if (!value.empty())
      parameters->emplace_back(std::string("--") + name, value);
  }
}

bool look_at_agent(Agent *agent, std::string *error) {
  if (geteuid() != 0) {
    *error = "only root can mount volumes; start the agent as root.";
    return false;
  }
  agent->launcher.program = bind_program();
  if (access(agent->launcher.program.c_str(), X_OK) != 0) {
    *error = "the program '" + agent->launcher.program +
             "' is missing or cannot be run; install it there, in the folder 'dvdi' next to the library.";
    return false;
  }
  agent->launcher.agent_namespace = read_link("/proc/self/ns/mnt");
  if (agent->launcher.agent_namespace.empty()) {
    *error = "the link /proc/self/ns/mnt cannot be read; mount /proc.";
    return false;
  }
  agent->rootfs_sandbox = agent_flag("sandbox_directory");
  if (agent->rootfs_sandbox.empty())
    agent->rootfs_sandbox = "/mnt/mesos/sandbox";
  if (agent->rootfs_sandbox[0] != '/') {
    *error = "the agent's flag --sandbox_directory is '" + agent->rootfs_sandbox + "'; it has to be an absolute path.";
    return false;
  }
  agent->posix_launcher = agent_flag("launcher") == "posix";
  return true;
}

mesos::slave::Isolator *refuse(const std::string &reason) {
  DVDI_LOG(ERROR) << "dvdi: the isolator does not start: " << reason;
  return nullptr;
}

mesos::slave::Isolator *create(const mesos::Parameters &from) {
  std::string error;
  // Before anything else: the parameters are a message, too.
  if (!fits_agent(&error))
    return refuse(error);
  static std::mutex mutex;
  static bool created = false;
  std::lock_guard<std::mutex> lock(mutex);
  if (created) {
    return refuse(
        "it was already created in this agent, and there can be only one. com_emccode_mesos_DockerVolumeDriverIsolator "
        "and com_emc_mesos_DockerVolumeDriverIsolator are two names for it: use only one of them in --isolation.");
  }
  Entries parameters;
  for (const mesos::Parameter &parameter : from.parameter())
    parameters.emplace_back(parameter.key(), parameter.value());
  add_flags(&parameters);
  Agent agent;
  if (!look_at_agent(&agent, &error) || !open_java(parameters, &error))
    return refuse(error);
  created = true;
  return as_isolator(new Adapter(agent));
}

}  // namespace
}  // namespace dvdi

#define DVDI_MODULE \
  MESOS_MODULE_API_VERSION, MESOS_VERSION, "dvdi", "", "External storage volumes for tasks", nullptr, dvdi::create

__attribute__((visibility("default"))) mesos::modules::Module<mesos::slave::Isolator>
    com_emccode_mesos_DockerVolumeDriverIsolator(DVDI_MODULE);
__attribute__((visibility("default"))) mesos::modules::Module<mesos::slave::Isolator>
    com_emc_mesos_DockerVolumeDriverIsolator(DVDI_MODULE);
