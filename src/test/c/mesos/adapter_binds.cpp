// SPDX-License-Identifier: Apache-2.0
// What a container sees of its volumes: dvdi-bind runs as Mesos' launcher runs it.
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include <vector>

#include "adapter_fixture.hpp"

namespace {

// Runs a container's preparation as Mesos' launcher does, and `look` in the container. True when both succeed.
bool launch(const ContainerLaunchInfo &info, bool in_own_namespace, bool (*look)()) {
  pid_t child = fork();
  CHECK(child >= 0);
  if (child > 0) {
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  if (in_own_namespace && unshare(CLONE_NEWNS) != 0)
    _exit(2);
  for (const mesos::CommandInfo &command : info.pre_exec_commands()) {
    std::vector<char *> arguments;
    for (const std::string &argument : command.arguments())
      arguments.push_back(const_cast<char *>(argument.c_str()));
    arguments.push_back(nullptr);
    pid_t program = fork();
    if (program == 0) {
      execv(command.value().c_str(), arguments.data());
      _exit(3);
    }
    int status = 0;
    if (program < 0 || waitpid(program, &status, 0) != program || status != 0)
      _exit(4);
  }
  _exit(look() ? 0 : 5);
}

bool sees_volume() {
  return access("sandbox/a/b/file", F_OK) == 0;
}

// Neither where it is bound nor where the host has it.
bool sees_volume_that_it_cannot_write() {
  return sees_volume() && access("sandbox/a/b", W_OK) != 0 && errno == EROFS && access("volume", W_OK) != 0 &&
         errno == EROFS;
}

bool sees_no_volume() {
  return !sees_volume();
}

void a_volume_is_bound_in_the_container_alone(Isolator *isolator) {
  write_file("volume/file", "kept");
  const Option<ContainerLaunchInfo> info =
      result(isolator->prepare(id_of("bound"), asking_for("bind", {{"source", here() + "/volume"}})));
  CHECK(info.isSome());
  CHECK(info.get().clone_namespaces() == std::vector<int>{CLONE_NEWNS});
  CHECK(info.get().environment().variables().size() == 1);
  CHECK(info.get().environment().variables()[0].value() == here() + "/sandbox/a/b");
  CHECK(info.get().pre_exec_commands().size() == 1);
  CHECK(!info.get().pre_exec_commands()[0].shell());
  CHECK(launch(info.get(), true, sees_volume));
  CHECK(!sees_volume());
  // A launcher that isolates nothing: the container does not start, and nothing is bound.
  CHECK(!launch(info.get(), false, sees_no_volume));
  CHECK(!sees_volume());
}

// The kernel's name of the device that a path is on.
std::string device_of(const std::string &path) {
  struct stat status;
  CHECK(stat(path.c_str(), &status) == 0);
  return std::to_string(major(status.st_dev)) + ":" + std::to_string(minor(status.st_dev));
}

void what_is_mounted_over_a_volume_meanwhile_is_not_bound(Isolator *isolator) {
  const std::string volume = here() + "/volume";
  CHECK(mount("none", "volume", "tmpfs", 0, nullptr) == 0);
  write_file("volume/file", "kept");
  const Option<ContainerLaunchInfo> info = result(isolator->prepare(
      id_of("covered"),
      asking_for("bind", {{"source", volume}, {"device", device_of(volume)}, {"root", "/"}, {"mountpoint", volume}})));
  CHECK(launch(info.get(), true, sees_volume));
  CHECK(mount("none", "volume", "tmpfs", 0, nullptr) == 0);
  write_file("volume/file", "somebody else's");
  CHECK(!launch(info.get(), true, []() { return true; }));
  CHECK(umount("volume") == 0);
  CHECK(launch(info.get(), true, sees_volume));
  CHECK(umount("volume") == 0);
}

void a_read_only_volume_cannot_be_written(Isolator *isolator) {
  ContainerConfig config = asking_for("bind", {{"source", here() + "/volume"}});
  mesos::Volume volume = config.container_info().volumes()[0];
  volume.set_mode(mesos::Volume::RO);
  config.set_container_info(mesos::ContainerInfo());
  config.mutable_container_info()->add_volumes(volume);
  const Option<ContainerLaunchInfo> info = result(isolator->prepare(id_of("read-only"), config));
  CHECK(launch(info.get(), true, sees_volume_that_it_cannot_write));
  CHECK(access("volume", W_OK) == 0);
}

void a_link_that_a_task_made_meanwhile_is_not_followed(Isolator *isolator) {
  write_file("elsewhere/b/other", "of the host");
  CHECK(system("rm -r sandbox/a") == 0);
  const Option<ContainerLaunchInfo> info =
      result(isolator->prepare(id_of("swapped"), asking_for("swap", {{"source", here() + "/elsewhere"}})));
  CHECK(!launch(info.get(), true, []() { return true; }));
  CHECK(unlink("sandbox/a") == 0);
}

}  // namespace

void check_binds(Isolator *isolator) {
  a_volume_is_bound_in_the_container_alone(isolator);
  what_is_mounted_over_a_volume_meanwhile_is_not_bound(isolator);
  a_read_only_volume_cannot_be_written(isolator);
  a_link_that_a_task_made_meanwhile_is_not_followed(isolator);
}
