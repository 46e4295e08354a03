// SPDX-License-Identifier: Apache-2.0
// launch.hpp - how a container gets its volumes when it is launched.
#ifndef DVDI_MESOS_LAUNCH_HPP
#define DVDI_MESOS_LAUNCH_HPP

#include <string>

#include "request.hpp"
#include "versions.hpp"

namespace dvdi {

// What is the same for all containers of an agent.
struct Launcher {
  std::string program;          // the path of dvdi-bind
  std::string agent_namespace;  // mnt:[4026531841] (namespaces(7))
};

// Has the launcher make the binds of an answer, by dvdi-bind, in a mount namespace of the container's own. None when
// the container has no external volume.
Option<LaunchInfo> launch_info(const Launcher &launcher, const std::string &id, const Request &request,
                               const Answer &answer);

}  // namespace dvdi

#endif  // DVDI_MESOS_LAUNCH_HPP
