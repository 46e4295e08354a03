// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_MESOS_SLAVE_ISOLATOR_HPP
#define STAND_IN_MESOS_SLAVE_ISOLATOR_HPP

#include <mesos/mesos.hpp>
#include <process/future.hpp>
#include <stout/hashset.hpp>
#include <stout/option.hpp>
#include <string>
#include <vector>

namespace mesos {
namespace slave {

enum ContainerClass { DEFAULT = 1, DEBUG = 2 };

class ContainerState : public Message<ContainerState> {
  FIELD(ContainerID, container_id)
};

class ContainerConfig : public Message<ContainerConfig> {
  FIELD(CommandInfo, command_info)
  FIELD(ContainerInfo, container_info)
  FIELD(ContainerClass, container_class)
  FIELD(std::string, directory)
  FIELD(std::string, rootfs)
  FIELD(std::string, user)
};

class ContainerLaunchInfo : public Message<ContainerLaunchInfo> {
  REPEATED(CommandInfo, pre_exec_commands)
  REPEATED(int, clone_namespaces)
  FIELD(Environment, environment)
};

class ContainerLimitation : public Message<ContainerLimitation> {
  FIELD(std::string, message)
  FIELD(TaskStatus::Reason, reason)
};

class Isolator {
 public:
  virtual ~Isolator();
  virtual bool supportsNesting() = 0;
  virtual bool supportsStandalone() = 0;
  virtual process::Future<Nothing> recover(const std::vector<ContainerState> &states,
                                           const hashset<ContainerID> &orphans) = 0;
  virtual process::Future<Option<ContainerLaunchInfo>> prepare(const ContainerID &id,
                                                               const ContainerConfig &config) = 0;
  virtual process::Future<ContainerLimitation> watch(const ContainerID &id) = 0;
  virtual process::Future<ResourceStatistics> usage(const ContainerID &id) = 0;
#ifdef OTHER_ISOLATOR
  virtual process::Future<Nothing> status(const ContainerID &id) = 0;
#endif
  virtual process::Future<Nothing> cleanup(const ContainerID &id) = 0;
};

}  // namespace slave
}  // namespace mesos

#endif
