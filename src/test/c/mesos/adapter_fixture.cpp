// SPDX-License-Identifier: Apache-2.0
#include "adapter_fixture.hpp"

#include <dlfcn.h>

#include <fstream>
#include <iterator>

namespace {

void *library;
mesos::Parameters parameters;

}  // namespace

void load(const std::string &path) {
  library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    fprintf(stderr, "%s\n", dlerror());
  CHECK(library != nullptr);
}

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
  return create("com_emccode_mesos_DockerVolumeDriverIsolator");
}

Isolator *create(const char *module) {
  return module_named(module)->create(parameters);
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

ContainerConfig asking_for(const std::string &volume, const std::map<std::string, std::string> &options) {
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
