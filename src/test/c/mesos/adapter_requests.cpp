// SPDX-License-Identifier: Apache-2.0
// What of a container becomes a request to Java, and what does not.
#include "adapter_fixture.hpp"

namespace {

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

void what_java_refuses_or_fails_is_said(Isolator *isolator) {
  check_fails(isolator->prepare(id_of("failed"), asking_for("fail")), "make it first");
  check_fails(isolator->prepare(id_of("refused"), asking_for("refuse")), "the isolator was closed");
  ContainerConfig docker = asking_for("bind");
  docker.mutable_container_info()->set_type(mesos::ContainerInfo::DOCKER);
  check_fails(isolator->prepare(id_of("docker"), docker), "it is of type DOCKER");
}

}  // namespace

void check_requests(Isolator *isolator) {
  all_containers_that_live_are_told(isolator);
  a_container_without_volumes_costs_nothing(isolator);
  a_debug_container_has_its_parents_volumes(isolator);
  variables_are_a_request(isolator);
  what_java_refuses_or_fails_is_said(isolator);
}
