// SPDX-License-Identifier: Apache-2.0
#include "launch.hpp"

#include <vector>

namespace dvdi {
namespace {

bool is_below(const std::string &path, const std::string &folder) {
  return !folder.empty() && path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 &&
         path[folder.size()] == '/';
}

// The sandbox of the outermost container. A nested one's lies below it, <sandbox of the parent>/containers/<name>, and
// the parent's user can rename what is in between.
std::string outermost_sandbox(const std::string &id, const std::string &sandbox) {
  const size_t dot = id.rfind('.');
  if (dot == std::string::npos)
    return sandbox;
  const std::string own = "/containers/" + id.substr(dot + 1);
  if (sandbox.size() <= own.size() || sandbox.compare(sandbox.size() - own.size(), own.size(), own) != 0)
    return sandbox;
  return outermost_sandbox(id.substr(0, dot), sandbox.substr(0, sandbox.size() - own.size()));
}

// The folder down to which a target's path is the operator's and the agent's; from there on no link is followed.
std::string base_of(const std::string &target, const std::string &id, const Request &request) {
  if (is_below(target, request.rootfs))
    return request.rootfs;
  return is_below(target, request.sandbox) ? outermost_sandbox(id, request.sandbox) : "/";
}

}  // namespace

Option<LaunchInfo> launch_info(const Launcher &launcher, const std::string &id, const Request &request,
                               const Answer &answer) {
  // A launch of Mesos 0.23 is a command, and an agent refuses one that is empty.
  if (answer.binds.empty() && (answer.environment.empty() || !adds_variables))
    return None();
  LaunchInfo info;
  for (const auto &variable : answer.environment)
    add_variable(&info, variable.first, variable.second);
  if (answer.binds.empty())
    return info;
  clone_mount_namespace(&info);
  std::vector<std::string> arguments = {launcher.program, launcher.agent_namespace, makes_slave ? "slave" : "as-is",
                                        request.rootfs.empty() ? request.sandbox : ""};
  for (const Bind &bind : answer.binds) {
    arguments.push_back(std::string(bind.read_only ? "ro" : "rw") + (bind.suid ? ",suid" : ""));
    arguments.push_back(bind.source);
    arguments.push_back(bind.mount.device);
    arguments.push_back(bind.mount.root);
    arguments.push_back(bind.mount.mountpoint);
    arguments.push_back(base_of(bind.target, id, request));
    arguments.push_back(bind.target);
  }
  run_before(&info, arguments);
  return info;
}

}  // namespace dvdi
