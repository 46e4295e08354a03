// SPDX-License-Identifier: Apache-2.0
#include "launch.hpp"

#include <vector>

namespace dvdi {
namespace {

bool is_below(const std::string &path, const std::string &folder) {
  return !folder.empty() && path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 &&
         path[folder.size()] == '/';
}

// The folder down to which a target's path is the operator's and the agent's; from there on no link is followed.
std::string base_of(const std::string &target, const Request &request) {
  if (is_below(target, request.rootfs))
    return request.rootfs;
  return is_below(target, request.sandbox) ? request.sandbox : "/";
}

}  // namespace

Option<LaunchInfo> launch_info(const Launcher &launcher, const Request &request, const Answer &answer) {
  if (answer.binds.empty() && answer.environment.empty())
    return None();
  LaunchInfo info;
  for (const auto &variable : answer.environment)
    add_variable(&info, variable.first, variable.second);
  if (answer.binds.empty())
    return info;
  clone_mount_namespace(&info);
  std::vector<std::string> arguments = {launcher.program, launcher.agent_namespace, makes_slave ? "slave" : "as-is"};
  for (const Bind &bind : answer.binds) {
    arguments.push_back(bind.read_only ? "ro" : "rw");
    arguments.push_back(bind.source);
    arguments.push_back(base_of(bind.target, request));
    arguments.push_back(bind.target);
  }
  run_before(&info, arguments);
  return info;
}

}  // namespace dvdi
