// SPDX-License-Identifier: Apache-2.0
// Drives the library for mesos-agent as the agent does: by dlopen, its symbol and create(). Mesos is the stand-in of
// include/, and Java the stand-in of the C tests. One process has one JVM, so every case is a run of its own:
// adapter_test CASE LIBRARY JAVA_HOME [--FLAG=VALUE...], the flags being those of the agent.
#include <dlfcn.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <mesos/module/isolator.hpp>
#include <mesos/version.hpp>

#include <atomic>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "../check.h"
#include "include/stand_in.hpp"

using mesos::ContainerID;
using mesos::slave::ContainerConfig;
using mesos::slave::ContainerLaunchInfo;
using mesos::slave::Isolator;
using Modules = mesos::modules::Module<Isolator>;
using Launched = process::Future<Option<ContainerLaunchInfo>>;

namespace {

void *library;
mesos::Parameters parameters;

void add_parameter(const std::string &key, const std::string &value) {
  mesos::Parameter *parameter = parameters.add_parameter();
  parameter->set_key(key);
  parameter->set_value(value);
}

Modules *module_named(const char *name) {
  void *symbol = dlsym(library, name);
  CHECK(symbol != nullptr);
  return static_cast<Modules *>(symbol);
}

Isolator *create() {
  return module_named("com_emccode_mesos_DockerVolumeDriverIsolator")->create(parameters);
}

std::string journal() {
  std::ifstream file("journal");
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

ContainerID id_of(const std::string &value) {
  ContainerID id;
  id.set_value(value);
  return id;
}

ContainerID child_of(const ContainerID &parent, const std::string &value) {
  ContainerID id = id_of(value);
  id.set_parent(parent);
  return id;
}

std::string here() {
  char path[4096];
  CHECK(getcwd(path, sizeof path) != nullptr);
  return path;
}

// A container with one volume of ContainerInfo, whose name says to the stand-in what to do.
ContainerConfig asking_for(const std::string &volume, const std::map<std::string, std::string> &options = {}) {
  ContainerConfig config;
  config.set_directory(here() + "/sandbox");
  config.mutable_container_info()->set_type(mesos::ContainerInfo::MESOS);
  mesos::Volume *added = config.mutable_container_info()->add_volumes();
  added->set_container_path("a/b");
  added->mutable_source()->set_type(mesos::Volume::Source::DOCKER_VOLUME);
  added->mutable_source()->mutable_docker_volume()->set_name(volume);
  for (const auto &option : options) {
    mesos::Parameter *parameter =
        added->mutable_source()->mutable_docker_volume()->mutable_driver_options()->add_parameter();
    parameter->set_key(option.first);
    parameter->set_value(option.second);
  }
  return config;
}

void add_variable(ContainerConfig *config, const std::string &name, mesos::Environment::Variable::Type type) {
  mesos::Environment::Variable *variable = config->mutable_command_info()->mutable_environment()->add_variables();
  variable->set_name(name);
  variable->set_value("value");
  variable->set_type(type);
}

void check_says(const std::string &text, const char *part) {
  CHECK_SAYS(text.c_str(), part);
}

template <typename T>
T result(const process::Future<T> &future) {
  CHECK(future.await(Seconds(60)));
  if (future.isFailed())
    fprintf(stderr, "failed: %s\n", future.failure().c_str());
  CHECK(future.isReady());
  return future.get();
}

template <typename T>
void check_fails(const process::Future<T> &future, const char *text) {
  CHECK(future.await(Seconds(60)));
  CHECK(future.isFailed());
  check_says(future.failure(), text);
}

void check_metric(const char *name, double value) {
  const std::map<std::string, double> metrics = stand_in::metrics();
  CHECK(metrics.count(name) == 1);
  // A counter goes on after the future that it counts has ended.
  for (int i = 0; i < 1000 && stand_in::metrics()[name] < value; i++)
    usleep(1000);
  CHECK(stand_in::metrics()[name] == value);
}

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

void both_names_are_the_isolator() {
  for (const char *name :
       {"com_emccode_mesos_DockerVolumeDriverIsolator", "com_emc_mesos_DockerVolumeDriverIsolator"}) {
    const Modules *module = module_named(name);
    CHECK_SAYS(module->moduleApiVersion, MESOS_MODULE_API_VERSION);
    CHECK_SAYS(module->mesosVersion, MESOS_VERSION);
    CHECK_SAYS(module->kind, "Isolator");
    CHECK(module->authorName != nullptr && module->authorEmail != nullptr && module->description != nullptr);
    // The agent wants exactly its own version of a module without this function.
    CHECK(module->compatible == nullptr);
  }
}

void there_is_one_in_a_process() {
  CHECK(module_named("com_emc_mesos_DockerVolumeDriverIsolator")->create(parameters) == nullptr);
  check_says(stand_in::logged(), "put one of them into --isolation");
}

void all_containers_that_live_are_told(Isolator *isolator) {
  mesos::slave::ContainerState state;
  state.set_container_id(id_of("top"));
  mesos::slave::ContainerState nested;
  nested.set_container_id(child_of(child_of(id_of("top"), "middle"), "leaf"));
  hashset<ContainerID> orphans;
  orphans.insert(id_of("orphan"));
  result(isolator->recover({state, nested}, orphans));
  check_says(journal(), "recover orphan top top.middle.leaf\n");
}

void a_container_without_volumes_costs_nothing(Isolator *isolator) {
  ContainerConfig config;
  config.set_directory(here() + "/sandbox");
  add_variable(&config, "PATH", mesos::Environment::Variable::VALUE);
  add_variable(&config, "DVDI_VOLUME_NAME1", mesos::Environment::Variable::SECRET);
  mesos::Volume *of_host = config.mutable_container_info()->add_volumes();
  of_host->mutable_source()->set_type(mesos::Volume::Source::HOST_PATH);
  CHECK(result(isolator->prepare(id_of("plain"), config)).isNone());
  CHECK(journal().find("prepare plain") == std::string::npos);
  check_says(stand_in::logged(), "W dvdi: container plain: the variable DVDI_VOLUME_NAME1 is of type SECRET");
}

void a_debug_container_has_its_parents_volumes(Isolator *isolator) {
  ContainerConfig config = asking_for("bind");
  config.set_container_class(mesos::slave::ContainerClass::DEBUG);
  CHECK(result(isolator->prepare(child_of(id_of("top"), "debug"), config)).isNone());
  CHECK(journal().find("debug") == std::string::npos);
}

void variables_are_a_request(Isolator *isolator) {
  ContainerConfig config;
  config.set_directory(here() + "/sandbox");
  config.set_user("nobody");
  add_variable(&config, "DVDI_VOLUME_NAME", mesos::Environment::Variable::VALUE);
  CHECK(result(isolator->prepare(child_of(id_of("top"), "variables"), config)).isNone());
  check_says(journal(), "prepare top.variables as nobody\n");
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

void what_java_refuses_or_fails_is_said(Isolator *isolator) {
  check_fails(isolator->prepare(id_of("failed"), asking_for("fail")), "make it first");
  check_fails(isolator->prepare(id_of("refused"), asking_for("refuse")), "the isolator was closed");
  ContainerConfig docker = asking_for("bind");
  docker.mutable_container_info()->set_type(mesos::ContainerInfo::DOCKER);
  check_fails(isolator->prepare(id_of("docker"), docker), "it is of type DOCKER");
}

void an_answer_may_come_before_its_call_returns(Isolator *isolator) {
  CHECK(result(isolator->prepare(id_of("early"), asking_for("early"))).isNone());
}

// The containerizer chains isolators without an actor in between.
void answers_go_on_in_a_thread_of_libprocess(Isolator *isolator) {
  std::atomic<int> on_worker(0);
  std::vector<Launched> launched;
  for (int i = 0; i < 8; i++) {
    // Late enough that it is not answered before onAny, which would call back in this thread.
    const std::string delay = std::to_string(300 + 20 * i);
    launched.push_back(isolator->prepare(id_of("thread" + std::to_string(i)), asking_for("wait", {{"for", delay}})));
    launched.back().onAny([&on_worker](const Launched &) {
      if (stand_in::on_worker())
        ++on_worker;
    });
  }
  for (const Launched &one : launched)
    CHECK(result(one).isNone());
  for (int i = 0; i < 1000 && on_worker < 8; i++)
    usleep(1000);
  CHECK(on_worker == 8);
}

void calls_from_many_threads_get_their_own_answers(Isolator *isolator) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; t++) {
    threads.emplace_back([isolator, t]() {
      for (int i = 0; i < 25; i++) {
        const std::string name = "t" + std::to_string(t) + "i" + std::to_string(i);
        ContainerConfig config = asking_for("bind", {{"source", "/source/" + name}});
        config.set_directory(here() + "/many/" + name);
        const Option<ContainerLaunchInfo> info = result(isolator->prepare(id_of(name), config));
        CHECK(info.get().environment().variables()[0].value() == config.directory() + "/a/b");
        CHECK(info.get().pre_exec_commands()[0].arguments()[5] == "/source/" + name);
        result(isolator->cleanup(id_of(name)));
      }
    });
  }
  for (std::thread &thread : threads)
    thread.join();
}

void usage_is_told_as_disk_statistics(Isolator *isolator) {
  const mesos::ResourceStatistics statistics = result(isolator->usage(child_of(id_of("top"), "leaf")));
  check_says(journal(), "usage top.leaf\n");
  CHECK(statistics.disk_statistics().size() == 1);
  const mesos::DiskStatistics &disk = statistics.disk_statistics()[0];
  CHECK(disk.limit_bytes() == 1000 && disk.used_bytes() == 400);
  CHECK(disk.source().type() == mesos::Resource::DiskInfo::Source::MOUNT);
  CHECK(disk.source().mount().root() == "/mnt/data");
  CHECK(disk.source().id() == "data" && disk.source().vendor() == "local");
}

// The containerizer ends a container as soon as its watch ends in whatever way.
void a_watch_without_limitation_never_ends(Isolator *isolator) {
  process::Future<mesos::slave::ContainerLimitation> watch = isolator->watch(id_of("watched"));
  result(isolator->cleanup(id_of("watched")));
  CHECK(!watch.await(Duration{std::chrono::milliseconds(300)}));
}

void metrics_are_those_of_the_agent() {
  check_metric("dvdi/containers_failed", 2);
  check_metric("dvdi/containers_cleaned_up", 200);
  check_metric("dvdi/containers_prepared", 214);
  check_metric("dvdi/prepare_ms", 216);
  check_metric("dvdi/cleanup_ms", 200);
  check_metric("dvdi/volumes_mounted", 0);
  CHECK(stand_in::metrics().count("dvdi/volumes_lost") == 1);
}

void the_end_is_in_order(Isolator *isolator) {
  delete isolator;
  check_says(journal(), "close\nshutdown\n");
  CHECK(stand_in::metrics().empty());
}

void lives() {
  both_names_are_the_isolator();
  add_parameter("usage", "data");
  Isolator *isolator = create();
  CHECK(isolator != nullptr);
  check_says(stand_in::logged(), "I dvdi: booted");
  CHECK(journal() == "flag --isolation=filesystem/linux,docker/volume\n");
  CHECK(isolator->supportsNesting() && isolator->supportsStandalone());
  there_is_one_in_a_process();
  all_containers_that_live_are_told(isolator);
  a_container_without_volumes_costs_nothing(isolator);
  a_debug_container_has_its_parents_volumes(isolator);
  variables_are_a_request(isolator);
  a_volume_is_bound_in_the_container_alone(isolator);
  what_is_mounted_over_a_volume_meanwhile_is_not_bound(isolator);
  a_read_only_volume_cannot_be_written(isolator);
  a_link_that_a_task_made_meanwhile_is_not_followed(isolator);
  what_java_refuses_or_fails_is_said(isolator);
  an_answer_may_come_before_its_call_returns(isolator);
  answers_go_on_in_a_thread_of_libprocess(isolator);
  calls_from_many_threads_get_their_own_answers(isolator);
  usage_is_told_as_disk_statistics(isolator);
  a_watch_without_limitation_never_ends(isolator);
  metrics_are_those_of_the_agent();
  the_end_is_in_order(isolator);
}

void a_limitation_ends_the_container() {
  add_parameter("limitation", "volume 'data' is lost");
  Isolator *isolator = create();
  CHECK(isolator != nullptr);
  const mesos::slave::ContainerLimitation limitation = result(isolator->watch(id_of("watched")));
  check_says(limitation.message(), "volume 'data' is lost");
  CHECK(limitation.reason() == mesos::TaskStatus::REASON_CONTAINER_LIMITATION);
  delete isolator;
}

void the_posix_launcher_is_refused_in_words() {
  Isolator *isolator = create();
  CHECK(isolator != nullptr);
  check_fails(isolator->prepare(id_of("a"), asking_for("bind")), "Start the agent with --launcher=linux");
  CHECK(result(isolator->prepare(id_of("b"), ContainerConfig())).isNone());
  delete isolator;
}

// create() gives no reason to the agent, so the log has it.
void create_fails_and_the_log_says(const char *text) {
  CHECK(create() == nullptr);
  check_says(stand_in::logged(), "E dvdi: the isolator does not start: ");
  check_says(stand_in::logged(), text);
  CHECK(stand_in::metrics().empty());
}

}  // namespace

int main(int count, char **arguments) {
  CHECK(count >= 4);
  const std::string name = arguments[1];
  enter_new_folder("adapter");
  std::string path = arguments[2];
  if (name == "no-bind") {
    CHECK(system(("cp " + path + " alone.so").c_str()) == 0);
    path = here() + "/alone.so";
  }
  library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    fprintf(stderr, "%s\n", dlerror());
  CHECK(library != nullptr);
  CHECK(mkdir("sandbox", 0755) == 0);
  add_parameter("jvm_options", "-XX:+DisableAttachMechanism");
  add_parameter("journal", here() + "/journal");
  add_parameter("java_home", name == "no-java" ? "/nonexistent" : arguments[3]);
  if (name == "lives") {
    lives();
  } else if (name == "limitation") {
    a_limitation_ends_the_container();
  } else if (name == "posix-launcher") {
    the_posix_launcher_is_refused_in_words();
  } else if (name == "no-java") {
    create_fails_and_the_log_says("/nonexistent");
  } else if (name == "no-bind") {
    create_fails_and_the_log_says("/dvdi/dvdi-bind' is missing or cannot be run; install it there");
  } else if (name == "java-refuses") {
    add_parameter("boot", "refuse");
    create_fails_and_the_log_says("The module parameter boot is \"refuse\".");
  } else {
    CHECK(name == "relative-sandbox");
    create_fails_and_the_log_says("the agent's flag --sandbox_directory is 'mnt/sandbox'");
  }
  CHECK(chdir("..") == 0);
  return 0;
}
