// SPDX-License-Identifier: Apache-2.0
// The library for mesos-agent, driven as the agent drives it: by dlopen, its symbol and create().
#ifndef DVDI_ADAPTER_FIXTURE_HPP
#define DVDI_ADAPTER_FIXTURE_HPP

#include <mesos/module/isolator.hpp>

#include <map>
#include <string>

#include "../check.h"
#include "include/stand_in.hpp"

using mesos::ContainerID;
using mesos::slave::ContainerConfig;
using mesos::slave::ContainerLaunchInfo;
using mesos::slave::Isolator;
using Modules = mesos::modules::Module<Isolator>;

// Loads the library.
void load(const std::string &path);

// A parameter of modules.json.
void add_parameter(const std::string &key, const std::string &value);

Modules *module_named(const char *name);

// As the agent does with the parameters so far. Null when the module refuses.
Isolator *create();
Isolator *create(const char *module);

// What the Java of the tests has been called for.
std::string journal();

ContainerID id_of(const std::string &value);
ContainerID child_of(const ContainerID &parent, const std::string &value);

// The folder of this test.
std::string here();

// A container with one volume of ContainerInfo, whose name says to the stand-in what to do.
ContainerConfig asking_for(const std::string &volume, const std::map<std::string, std::string> &options = {});

void add_variable(ContainerConfig *config, const std::string &name, mesos::Environment::Variable::Type type);

void check_says(const std::string &text, const char *part);

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

// The subjects, each in a file of its own.
void check_requests(Isolator *isolator);
void check_binds(Isolator *isolator);
void check_answers(Isolator *isolator);

#endif
