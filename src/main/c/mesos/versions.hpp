// SPDX-License-Identifier: Apache-2.0
// versions.hpp - how Mesos differs from version to version, and nothing else. All #if about it are in this file.
//
// What is below is the same for every version to the rest of the adapter: the class Isolation, which an isolator is
// derived from, and functions that read and write Mesos' messages.
#ifndef DVDI_MESOS_VERSIONS_HPP
#define DVDI_MESOS_VERSIONS_HPP

#include <google/protobuf/message.h>
#include <sched.h>

#include <cstddef>
#include <cstring>
#include <mesos/mesos.hpp>
#include <mesos/module.hpp>
#include <mesos/module/isolator.hpp>
#include <mesos/slave/isolator.hpp>
#include <mesos/version.hpp>
#include <process/future.hpp>
#include <process/metrics/metric.hpp>
#include <process/metrics/metrics.hpp>
#include <process/metrics/timer.hpp>
#include <process/owned.hpp>
#include <process/process.hpp>
#include <stout/hashset.hpp>
#include <stout/none.hpp>
#include <stout/nothing.hpp>
#include <stout/option.hpp>
#include <string>
#include <utility>
#include <vector>

#include "request.hpp"

#ifndef DVDI_MESOS_VERSION
#error "DVDI_MESOS_VERSION is missing: 11200 for Mesos 1.12.0. CMakeLists.txt reads it from mesos/version.hpp."
#endif

// The build of that version, as the library's name has it.
#ifndef DVDI_MESOS_BUILD
#define DVDI_MESOS_BUILD MESOS_VERSION
#endif

// The table. What changed, and the first version that has it; `git log -S` in Mesos' repository finds each.
#define DVDI_SINCE(major, minor, patch) (DVDI_MESOS_VERSION >= (major)*10000 + (minor)*100 + (patch))
#define DVDI_PLAIN_ISOLATOR DVDI_SINCE(0, 24, 0)       // Isolator is an interface; before, one derives from an actor
#define DVDI_CONTAINER_NAMESPACE DVDI_SINCE(0, 25, 0)  // each container its namespaces; before, all alike
#define DVDI_LIMITATION_REASON DVDI_SINCE(0, 26, 0)    // ContainerLimitation.reason
#define DVDI_CONTAINER_CONFIG DVDI_SINCE(0, 27, 0)     // prepare takes a ContainerConfig, returns ContainerLaunchInfo
#define DVDI_IMAGES_TOLD DVDI_SINCE(0, 28, 0)          // prepare is told where a container's image is
#define DVDI_NEW_CONFIG_NAMES DVDI_SINCE(0, 28, 0)     // executor_info for executorInfo
#define DVDI_DOCKER_VOLUME DVDI_SINCE(1, 0, 0)         // Volume.source; methods of Isolator have bodies
#define DVDI_PRE_EXEC_COMMANDS DVDI_SINCE(1, 0, 0)     // commands is called pre_exec_commands
#define DVDI_PRE_EXEC_ARGUMENTS DVDI_SINCE(1, 0, 1)    // they may do without a shell (MESOS-5388)
#define DVDI_NESTING DVDI_SINCE(1, 1, 0)               // ContainerID.parent; command_info and container_info
#define DVDI_CLONE_NAMESPACES DVDI_SINCE(1, 2, 0)      // clone_namespaces for namespaces; container_class
#define DVDI_DISK_STATISTICS DVDI_SINCE(1, 3, 0)       // ResourceStatistics.disk_statistics; variables of type SECRET
#define DVDI_STANDALONE DVDI_SINCE(1, 5, 0)            // supportsStandalone; DiskInfo.Source.id
#define DVDI_LAUNCHER_MAKES_SLAVE DVDI_SINCE(1, 5, 0)  // the launcher makes "/" a recursive slave itself
#define DVDI_STATES_IN_VECTOR DVDI_SINCE(1, 7, 0)      // recover takes a vector for a list
#define DVDI_DISK_VENDOR DVDI_SINCE(1, 7, 0)           // DiskInfo.Source.vendor

#if !DVDI_STATES_IN_VECTOR
#include <list>
#endif

namespace dvdi {

#if DVDI_CONTAINER_CONFIG
using LaunchInfo = mesos::slave::ContainerLaunchInfo;
#elif DVDI_PLAIN_ISOLATOR
using LaunchInfo = mesos::slave::ContainerPrepareInfo;
#else
using LaunchInfo = mesos::CommandInfo;
#endif

#if DVDI_PLAIN_ISOLATOR
using Limitation = mesos::slave::ContainerLimitation;
using ContainerState = mesos::slave::ContainerState;
using IsolatorBase = mesos::slave::Isolator;
#else
using Limitation = mesos::slave::Limitation;
using ContainerState = mesos::slave::ExecutorRunState;
using IsolatorBase = mesos::slave::IsolatorProcess;
#endif

#if DVDI_STATES_IN_VECTOR
using ContainerStates = std::vector<ContainerState>;
#else
using ContainerStates = std::list<ContainerState>;
#endif

// Calls `visit` with each message whose memory this library uses: its name, its size here, and the agent's prototype.
template <typename F>
void visit_messages(F &&visit) {
#define DVDI_VISIT(message) visit(#message, sizeof(message), message::default_instance())
  DVDI_VISIT(mesos::Parameter);
  DVDI_VISIT(mesos::Parameters);
  DVDI_VISIT(mesos::ContainerID);
  DVDI_VISIT(mesos::ResourceStatistics);
  DVDI_VISIT(mesos::Environment);
  DVDI_VISIT(mesos::Environment::Variable);
  DVDI_VISIT(mesos::CommandInfo);
  DVDI_VISIT(mesos::ContainerInfo);
  DVDI_VISIT(mesos::Volume);
  DVDI_VISIT(mesos::ExecutorInfo);
#if DVDI_PLAIN_ISOLATOR
  DVDI_VISIT(LaunchInfo);
  DVDI_VISIT(Limitation);
  DVDI_VISIT(ContainerState);
#endif
#if DVDI_CONTAINER_CONFIG
  DVDI_VISIT(mesos::slave::ContainerConfig);
#endif
#if DVDI_DOCKER_VOLUME
  DVDI_VISIT(mesos::Volume::Source);
  DVDI_VISIT(mesos::Volume::Source::DockerVolume);
#endif
#if DVDI_DISK_STATISTICS
  DVDI_VISIT(mesos::DiskStatistics);
  DVDI_VISIT(mesos::Resource::DiskInfo::Source);
  DVDI_VISIT(mesos::Resource::DiskInfo::Source::Mount);
#endif
#undef DVDI_VISIT
}

// The size of a message's class in the agent, as its reflection knows it. A prototype has no fields on the heap. These
// are no virtual calls: they are made by name, whatever the agent's table of methods is.
inline size_t size_in_agent(const google::protobuf::Message &prototype) {
#if GOOGLE_PROTOBUF_VERSION >= 3004000
  return prototype.google::protobuf::Message::SpaceUsedLong();
#else
  return static_cast<size_t>(prototype.google::protobuf::Message::SpaceUsed());
#endif
}

// The bytes of the table of Isolator's methods, the last of which is cleanup in every version. 0 where an isolator is
// an actor, which the agent does not call by a table of this library's class alone.
inline size_t isolator_table_size() {
#if DVDI_PLAIN_ISOLATOR
  auto last = &mesos::slave::Isolator::cleanup;
  // The pointer to a virtual method is its offset in the table, plus one on x86-64 (Itanium C++ ABI, 2.3). Before the
  // methods are two more words.
  std::ptrdiff_t offset;
  std::memcpy(&offset, &last, sizeof offset);
  return static_cast<size_t>(offset & ~static_cast<std::ptrdiff_t>(1)) + 3 * sizeof(void *);
#else
  return 0;
#endif
}

// A container's ID, parents first and joined by '.', as Mesos itself prints it.
inline std::string id_of(const mesos::ContainerID &id) {
#if DVDI_NESTING
  return id.has_parent() ? id_of(id.parent()) + "." + id.value() : id.value();
#else
  return id.value();
#endif
}

inline std::string id_of(const ContainerState &state) {
#if DVDI_PLAIN_ISOLATOR
  return id_of(state.container_id());
#else
  return id_of(state.id);
#endif
}

inline Limitation limitation_of(const std::string &message) {
#if DVDI_PLAIN_ISOLATOR
  Limitation limitation;
  limitation.set_message(message);
#if DVDI_LIMITATION_REASON
  limitation.set_reason(mesos::TaskStatus::REASON_CONTAINER_LIMITATION);
#endif
  return limitation;
#else
  return Limitation(mesos::Resources(), message);
#endif
}

// How full a volume is. Before 1.3 there is no place for it.
inline void add_disk(mesos::ResourceStatistics *statistics, const Usage &usage) {
#if DVDI_DISK_STATISTICS
  mesos::DiskStatistics *disk = statistics->add_disk_statistics();
  disk->set_limit_bytes(usage.size);
  disk->set_used_bytes(usage.used);
  mesos::Resource::DiskInfo::Source *source = disk->mutable_source();
  source->set_type(mesos::Resource::DiskInfo::Source::MOUNT);
  source->mutable_mount()->set_root(usage.mountpoint);
#if DVDI_STANDALONE
  source->set_id(usage.name);
#endif
#if DVDI_DISK_VENDOR
  source->set_vendor(usage.driver);
#endif
#else
  (void)statistics;
  (void)usage;
#endif
}

inline bool is_secret(const mesos::Environment::Variable &variable) {
#if DVDI_DISK_STATISTICS
  return variable.type() == mesos::Environment::Variable::SECRET;
#else
  (void)variable;
  return false;
#endif
}

// True when the program that makes the binds has to make the container's mounts slaves of the host's first.
constexpr bool makes_slave = !DVDI_LAUNCHER_MAKES_SLAVE;

// Mesos 0.23 has no way to add a variable to a container's environment.
constexpr bool adds_variables = DVDI_PLAIN_ISOLATOR;

inline void add_variable(LaunchInfo *info, const std::string &name, const std::string &value) {
#if DVDI_PLAIN_ISOLATOR
  mesos::Environment::Variable *variable = info->mutable_environment()->add_variables();
  variable->set_name(name);
  variable->set_value(value);
#else
  (void)info;
  (void)name;
  (void)value;
#endif
}

// Has the launcher run a program as root in the container's own namespaces, before the container's command.
inline void run_before(LaunchInfo *info, const std::vector<std::string> &arguments) {
#if !DVDI_PLAIN_ISOLATOR
  info->set_value(shell_command(arguments));
#else
#if DVDI_PRE_EXEC_COMMANDS
  // Deprecated since 1.9 in favour of file operations, none of which can bind without following symbolic links.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  mesos::CommandInfo *command = info->add_pre_exec_commands();
#pragma GCC diagnostic pop
#else
  mesos::CommandInfo *command = info->add_commands();
#endif
#if DVDI_PRE_EXEC_ARGUMENTS
  command->set_shell(false);
  command->set_value(arguments.front());
  for (const std::string &argument : arguments)
    command->add_arguments(argument);
#else
  command->set_value(shell_command(arguments));
#endif
#endif
}

// Asks for a mount namespace of the container's own. Before 0.25 all containers of the agent get one (Isolation).
inline void clone_mount_namespace(LaunchInfo *info) {
#if DVDI_CLONE_NAMESPACES
  info->add_clone_namespaces(CLONE_NEWNS);
#elif DVDI_CONTAINER_NAMESPACE
  info->set_namespaces(CLONE_NEWNS);
#else
  (void)info;
#endif
}

// Whether a container is run with an image. The agent turns that of a command task into a volume (since 0.26, see
// COMMAND_EXECUTOR_ROOTFS_CONTAINER_PATH).
template <typename ContainerInfo>
bool has_image(const ContainerInfo &container) {
  for (const auto &volume : container.volumes()) {
    if (volume.has_image() && volume.container_path() == ".rootfs")
      return true;
  }
  return container.mesos().has_image();
}

// Volumes of a ContainerInfo that an external driver serves.
inline void read_volumes(const mesos::ContainerInfo &container, Request *request) {
  request->docker = container.type() == mesos::ContainerInfo::DOCKER;
#if DVDI_PLAIN_ISOLATOR && !DVDI_IMAGES_TOLD  // images came with 0.24
  request->hidden_image = request->rootfs.empty() && has_image(container);
#endif
#if DVDI_DOCKER_VOLUME
  for (const mesos::Volume &from : container.volumes()) {
    if (!from.has_source() || from.source().type() != mesos::Volume::Source::DOCKER_VOLUME)
      continue;
    const mesos::Volume::Source::DockerVolume &source = from.source().docker_volume();
    Volume volume;
    volume.driver = source.driver();
    volume.name = source.name();
    volume.container_path = from.container_path();
    volume.read_only = from.mode() == mesos::Volume::RO;
    for (const mesos::Parameter &option : source.driver_options().parameter())
      volume.options.emplace_back(option.key(), option.value());
    request->volumes.push_back(volume);
  }
#endif
}

inline void read_command(const mesos::CommandInfo &command, Request *request) {
  for (const mesos::Environment::Variable &variable : command.environment().variables()) {
    if (is_secret(variable)) {
      request->secrets.push_back(variable.name());
    } else {
      request->environment.emplace_back(variable.name(), variable.value());
    }
  }
}

inline void read_executor(const mesos::ExecutorInfo &executor, Request *request) {
  read_command(executor.command(), request);
  if (executor.has_container())
    read_volumes(executor.container(), request);
}

#if DVDI_CONTAINER_CONFIG
inline Request read_request(const mesos::slave::ContainerConfig &config) {
  Request request;
  request.sandbox = config.directory();
  request.rootfs = config.rootfs();
  request.user = config.user();
#if DVDI_CLONE_NAMESPACES
  request.debug = config.container_class() == mesos::slave::ContainerClass::DEBUG;
#endif
#if DVDI_NESTING
  read_command(config.command_info(), &request);
  if (config.has_container_info())
    read_volumes(config.container_info(), &request);
#elif DVDI_NEW_CONFIG_NAMES
  read_executor(config.executor_info(), &request);
#else
  read_executor(config.executorinfo(), &request);
#endif
  return request;
}
#else
inline Request read_request(const mesos::ExecutorInfo &executor, const std::string &directory,
                            const Option<std::string> &rootfs, const Option<std::string> &user) {
  Request request;
  request.sandbox = directory;
  request.rootfs = rootfs.isSome() ? rootfs.get() : "";
  request.user = user.isSome() ? user.get() : "";
  read_executor(executor, &request);
  return request;
}
#endif

// The agent's calls, which differ in what they are given, told as they concern volumes, which do not.
class Isolation : public IsolatorBase {
 public:
  virtual process::Future<Nothing> recover_containers(const std::vector<std::string> &ids) = 0;
  virtual process::Future<Option<LaunchInfo>> prepare_container(const std::string &id, const Request &request) = 0;
  virtual process::Future<Nothing> clean_up_container(const std::string &id) = 0;
  virtual process::Future<mesos::ResourceStatistics> usage_of_container(const std::string &id) = 0;
  virtual process::Future<Limitation> watch_container(const std::string &id) = 0;

#if DVDI_NESTING
  bool supportsNesting() override {
    return true;
  }
#endif
#if DVDI_STANDALONE
  bool supportsStandalone() override {
    return true;
  }
#endif
#if !DVDI_CONTAINER_NAMESPACE
  process::Future<Option<int>> namespaces() override {
    return Option<int>(CLONE_NEWNS);
  }
#endif

  process::Future<Nothing> recover(const ContainerStates &states, const hashset<mesos::ContainerID> &orphans) override {
    std::vector<std::string> ids;
    for (const ContainerState &container : states)
      ids.push_back(id_of(container));
    for (const mesos::ContainerID &orphan : orphans)
      ids.push_back(id_of(orphan));
    return recover_containers(ids);
  }

#if DVDI_CONTAINER_CONFIG
  process::Future<Option<LaunchInfo>> prepare(const mesos::ContainerID &id,
                                              const mesos::slave::ContainerConfig &config) override {
    return prepare_container(id_of(id), read_request(config));
  }
#elif DVDI_PLAIN_ISOLATOR
  process::Future<Option<LaunchInfo>> prepare(const mesos::ContainerID &id, const mesos::ExecutorInfo &executor,
                                              const std::string &directory, const Option<std::string> &user) override {
    return prepare_container(id_of(id), read_request(executor, directory, None(), user));
  }
#else
  process::Future<Option<LaunchInfo>> prepare(const mesos::ContainerID &id, const mesos::ExecutorInfo &executor,
                                              const std::string &directory, const Option<std::string> &rootfs,
                                              const Option<std::string> &user) override {
    return prepare_container(id_of(id), read_request(executor, directory, rootfs, user));
  }
#endif

  process::Future<Nothing> cleanup(const mesos::ContainerID &id) override {
    return clean_up_container(id_of(id));
  }

  process::Future<mesos::ResourceStatistics> usage(const mesos::ContainerID &id) override {
    return usage_of_container(id_of(id));
  }

  process::Future<Limitation> watch(const mesos::ContainerID &id) override {
    return watch_container(id_of(id));
  }

#if !DVDI_DOCKER_VOLUME
  process::Future<Nothing> isolate(const mesos::ContainerID &, pid_t) override {
    return Nothing();
  }

  process::Future<Nothing> update(const mesos::ContainerID &, const mesos::Resources &) override {
    return Nothing();
  }
#endif
};

// What the agent gets from create().
inline mesos::slave::Isolator *as_isolator(Isolation *isolation) {
#if DVDI_PLAIN_ISOLATOR
  return isolation;
#else
  return new mesos::slave::Isolator(process::Owned<mesos::slave::IsolatorProcess>(isolation));
#endif
}

}  // namespace dvdi

#endif  // DVDI_MESOS_VERSIONS_HPP
