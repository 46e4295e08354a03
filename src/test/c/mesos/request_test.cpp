// SPDX-License-Identifier: Apache-2.0
// What needs no JVM: quoting, flags, and C's view of a request.
#include "../../../main/c/mesos/request.hpp"

#include "../../../main/c/mesos/agent_flags.hpp"
#include "../check.h"

namespace {

void a_shell_gets_the_arguments_as_they_are() {
  CHECK(dvdi::shell_command({"/usr/bin/x", "a b", "$(reboot)"}) == "'/usr/bin/x' 'a b' '$(reboot)'");
  // Through a real one: nothing is special, and no argument is lost.
  const std::string command = dvdi::shell_command({"/usr/bin/printf", "%s|", "it's", "", "`id`;\n\"\\*"});
  FILE *shell = popen(command.c_str(), "r");
  CHECK(shell != nullptr);
  char printed[256];
  printed[fread(printed, 1, sizeof printed - 1, shell)] = '\0';
  CHECK(pclose(shell) == 0);
  CHECK(std::string(printed) == "it's||`id`;\n\"\\*|");
}

void the_last_flag_counts_and_the_environment_after_all() {
  const std::vector<std::string> arguments = {"agent", "--launcher=linux", "--launcher_dir=/x", "--launcher=posix"};
  CHECK(dvdi::flag_in(arguments, "launcher") == "posix");
  CHECK(dvdi::flag_in(arguments, "isolation").empty());
  CHECK(dvdi::agent_flag("sandbox_directory").empty());
  setenv("MESOS_SANDBOX_DIRECTORY", "/sandbox", 1);
  CHECK(dvdi::agent_flag("sandbox_directory") == "/sandbox");
}

void java_sees_all_of_a_request() {
  dvdi::Request request;
  request.sandbox = "/sandbox";
  request.user = "nobody";
  request.environment.emplace_back("NAME", "value");
  for (int i = 0; i < 3; i++) {
    dvdi::Volume volume;
    volume.name = "volume" + std::to_string(i);
    volume.options.assign(static_cast<size_t>(i), {"key", "value" + std::to_string(i)});
    volume.read_only = i == 2;
    request.volumes.push_back(volume);
  }
  const std::string id = "a.b";
  const std::string rootfs_sandbox = "/mnt/mesos/sandbox";
  const dvdi::Container container(id, request, rootfs_sandbox);
  const dvdi_container *view = container.view();
  CHECK(dvdi::copy(view->id) == "a.b" && dvdi::copy(view->user) == "nobody");
  CHECK(view->environment_count == 1 && dvdi::copy(view->environment[0].value) == "value");
  CHECK(view->volumes_count == 3 && dvdi::copy(view->volumes[2].name) == "volume2");
  CHECK(view->volumes[2].options_count == 2 && dvdi::copy(view->volumes[2].options[1].value) == "value2");
  CHECK(view->volumes[0].read_only == 0 && view->volumes[2].read_only == 1);
  // It is nowhere in a container that has no image.
  CHECK(view->rootfs_sandbox.size == 0);
  request.rootfs = "/image";
  const dvdi::Container with_image(id, request, rootfs_sandbox);
  CHECK(dvdi::copy(with_image.view()->rootfs_sandbox) == rootfs_sandbox);
}

}  // namespace

int main() {
  a_shell_gets_the_arguments_as_they_are();
  the_last_flag_counts_and_the_environment_after_all();
  java_sees_all_of_a_request();
  return 0;
}
