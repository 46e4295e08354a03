// SPDX-License-Identifier: Apache-2.0
// What needs no JVM: quoting, flags, C's view of a request, and what the launcher is to do.
#include "../../../main/c/mesos/request.hpp"

#include "../../../main/c/mesos/agent_flags.hpp"
#include "../../../main/c/mesos/launch.hpp"
#include "../check.h"

namespace {

void a_shell_gets_the_arguments_as_they_are() {
  CHECK(dvdi::shell_command({"/usr/bin/x", "a b", "$(reboot)"}) == "'/usr/bin/x' 'a b' '$(reboot)'");
  // Through a real one: nothing is special, and no argument is lost.
  const std::string command =
      dvdi::shell_command({"/usr/bin/printf", "%s|", "it's", "", "`id`;\n\"\\*", "\u00fc $ \u65e5\u672c'"});
  // Mesos 0.23 would change other characters.
  for (char c : command)
    CHECK(static_cast<signed char>(c) > 0);
  FILE *shell = popen(command.c_str(), "r");
  CHECK(shell != nullptr);
  char printed[256];
  printed[fread(printed, 1, sizeof printed - 1, shell)] = '\0';
  CHECK(pclose(shell) == 0);
  CHECK(std::string(printed) == "it's||`id`;\n\"\\*|\u00fc $ \u65e5\u672c'|");
}

void the_last_flag_counts_and_the_environment_after_all() {
  const std::vector<std::string> arguments = {"agent", "--launcher=linux", "--launcher_dir=/x", "--launcher=posix"};
  std::string value;
  CHECK(dvdi::find_flag(arguments, "launcher", &value) && value == "posix");
  CHECK(!dvdi::find_flag(arguments, "isolation", &value));
  CHECK(dvdi::find_flag({"agent", "--isolation=a", "--isolation="}, "isolation", &value) && value.empty());
  CHECK(dvdi::agent_flag("sandbox_directory").empty());
  setenv("MESOS_SANDBOX_DIRECTORY", "/sandbox", 1);
  CHECK(dvdi::agent_flag("sandbox_directory") == "/sandbox");
}

void a_flag_may_stand_in_a_file() {
  enter_new_folder("flags");
  write_file("sandbox", " /in/a file\n");
  char here[4096];
  CHECK(getcwd(here, sizeof here) != nullptr);
  const std::string value = "file://" + std::string(here) + "/sandbox";
  setenv("MESOS_SANDBOX_DIRECTORY", value.c_str(), 1);
  CHECK(dvdi::agent_flag("sandbox_directory") == " /in/a file\n");
  setenv("MESOS_SANDBOX_DIRECTORY", "file:///nonexistent", 1);
  CHECK(dvdi::agent_flag("sandbox_directory") == "file:///nonexistent");
}

// A ContainerInfo of Mesos 0.24 to 0.27, as far as images go.
struct OldInfo {
  struct Image {
    bool has_image() const {
      return image;
    }
    std::string container_path() const {
      return path;
    }
    bool image;
    std::string path;
  };
  std::vector<Image> volumes() const {
    return {volume};
  }
  Image mesos() const {
    return {image, ""};
  }
  bool image;
  Image volume;
};

void an_image_that_nobody_tells_of_is_seen_and_refused() {
  CHECK(dvdi::has_image(OldInfo{true, {false, "data"}}));
  CHECK(dvdi::has_image(OldInfo{false, {true, ".rootfs"}}));
  CHECK(!dvdi::has_image(OldInfo{false, {true, "data"}}));
  CHECK(!dvdi::has_image(OldInfo{false, {false, ".rootfs"}}));
  dvdi::Request request;
  CHECK(dvdi::reason_against(request).empty());
  request.hidden_image = true;
  const std::string reason = dvdi::reason_against(request);
  CHECK_SAYS(reason.c_str(), "images with external volumes need Mesos 0.28");
}

// Where its parent's user cannot put another folder in the place of one.
void the_base_of_a_nested_container_is_the_outermost_sandbox() {
  dvdi::Request request;
  request.sandbox = "/var/lib/mesos/runs/a/containers/b/containers/c";
  dvdi::Answer answer;
  answer.binds.resize(1);
  answer.binds[0].source = "/source";
  answer.binds[0].mount.device = "8:1";
  answer.binds[0].mount.root = "/root";
  answer.binds[0].mount.mountpoint = "/";
  answer.binds[0].target = request.sandbox + "/data";
  const dvdi::Launcher launcher = {"/dvdi-bind", "mnt:[1]"};
  const auto bind_arguments = [&](const std::string &id) {
    return dvdi::launch_info(launcher, id, request, answer).get().pre_exec_commands()[0].arguments();
  };
  CHECK(bind_arguments("a.b.c") ==
        std::vector<std::string>({"/dvdi-bind", "mnt:[1]", "as-is", request.sandbox, "rw", "/source", "8:1", "/root",
                                  "/", "/var/lib/mesos/runs/a", request.sandbox + "/data"}));
  answer.binds[0].suid = true;
  CHECK(bind_arguments("a")[4] == "rw,suid");
  CHECK(bind_arguments("a")[9] == request.sandbox);
  CHECK(bind_arguments("a.x.c")[9] == "/var/lib/mesos/runs/a/containers/b");
  request.rootfs = "/image/rootfs";
  answer.binds[0].target = "/image/rootfs/data";
  CHECK(bind_arguments("a.b.c")[9] == "/image/rootfs");
  // It sees nothing of the host but what is bound.
  CHECK(bind_arguments("a.b.c")[3].empty());
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
  a_flag_may_stand_in_a_file();
  an_image_that_nobody_tells_of_is_seen_and_refused();
  the_base_of_a_nested_container_is_the_outermost_sandbox();
  java_sees_all_of_a_request();
  return 0;
}
