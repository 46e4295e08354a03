// SPDX-License-Identifier: Apache-2.0
// The life of an isolator from create() to its destructor, and the reasons for which there is none. Mesos is the
// stand-in of include/, and Java the stand-in of the C tests. One process has one JVM, so every case is a run of its
// own: adapter_test CASE LIBRARY JAVA_HOME [--FLAG=VALUE...], the flags being those of the agent.
#include <sys/resource.h>
#include <sys/stat.h>
#include <mesos/version.hpp>

#include "adapter_fixture.hpp"

namespace {

void check_metric(const char *name, double value) {
  const std::map<std::string, double> metrics = stand_in::metrics();
  CHECK(metrics.count(name) == 1);
  // A counter goes on after the future that it counts has ended.
  for (int i = 0; i < 1000 && stand_in::metrics()[name] < value; i++)
    usleep(1000);
  CHECK(stand_in::metrics()[name] == value);
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
  CHECK(create("com_emc_mesos_DockerVolumeDriverIsolator") == nullptr);
  check_says(stand_in::logged(), "use only one of them in --isolation");
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
  check_requests(isolator);
  check_binds(isolator);
  check_answers(isolator);
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

// Root has no such limit.
void limit_threads() {
  const struct rlimit none = {0, 0};
  CHECK(setrlimit(RLIMIT_NPROC, &none) == 0);
  CHECK(setresuid(61234, 61234, 61234) == 0);
}

void the_end_needs_no_thread() {
  Isolator *isolator = create();
  CHECK(isolator != nullptr);
  CHECK(result(isolator->prepare(id_of("a"), asking_for("early"))).isNone());
  limit_threads();
  pthread_t none;
  CHECK(pthread_create(
            &none, nullptr, [](void *) -> void * { return nullptr; }, nullptr) != 0);
  delete isolator;
  check_says(stand_in::logged(), "Java did not finish its operations: this process cannot start another thread");
  check_says(stand_in::logged(), "No thread can be started to end the JVM");
}

void a_request_that_is_too_large_fails_and_names_the_limit() {
  Isolator *isolator = create();
  CHECK(isolator != nullptr);
  ContainerConfig config = asking_for("bind");
  for (int i = 0; i < 257; i++)
    add_variable(&config, "DVDI_VOLUME_NAME" + std::to_string(i), mesos::Environment::Variable::VALUE);
  check_fails(isolator->prepare(id_of("large"), config), "at most 256 are possible");
  CHECK(journal().find("prepare large") == std::string::npos);
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
  load(path);
  unsetenv("JAVA_TOOL_OPTIONS");
  unsetenv("_JAVA_OPTIONS");
  CHECK(mkdir("sandbox", 0755) == 0);
  // Which a user of no rights could not write.
  if (name != "task-limit")
    add_parameter("journal", here() + "/journal");
  add_parameter("java_home", name == "no-java" ? "/nonexistent" : arguments[3]);
  if (name == "lives") {
    lives();
  } else if (name == "limitation") {
    a_limitation_ends_the_container();
  } else if (name == "posix-launcher") {
    the_posix_launcher_is_refused_in_words();
  } else if (name == "task-limit") {
    the_end_needs_no_thread();
  } else if (name == "too-large") {
    a_request_that_is_too_large_fails_and_names_the_limit();
  } else if (name == "no-java") {
    create_fails_and_the_log_says("/nonexistent");
  } else if (name == "no-bind") {
    create_fails_and_the_log_says("/dvdi/dvdi-bind' is missing or cannot be run; install it there");
  } else if (name == "java-refuses") {
    add_parameter("boot", "refuse");
    create_fails_and_the_log_says("The module parameter boot is \"refuse\".");
  } else if (name == "other-build") {
    create_fails_and_the_log_says("is for Mesos 1.11.0-other, and this agent is Mesos 1.11.0-stand_in");
  } else {
    CHECK(name == "relative-sandbox");
    create_fails_and_the_log_says("the agent's flag --sandbox_directory is 'mnt/sandbox'");
  }
  return 0;
}
