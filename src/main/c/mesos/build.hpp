// SPDX-License-Identifier: Apache-2.0
// build.hpp - whether the agent is the build of Mesos that this library was compiled for.
//
// The agent compares version numbers only, and builds with different classes and messages have the same number: Apache
// Mesos and ClusterD are both called 1.11.0. A library for the one would overwrite the memory of the other. So what
// this library uses of the agent's memory is compared with the agent's own libraries before it is used.
#ifndef DVDI_MESOS_BUILD_HPP
#define DVDI_MESOS_BUILD_HPP

#include <string>

// Why this library does not fit the agent: the first thing that differs. An empty string if it fits. Libraries ask each
// other, so it is exported.
extern "C" __attribute__((visibility("default"))) const char *dvdi_misfit();

namespace dvdi {

// Returns false if this library does not fit the agent. `error` then says what differs, and names a library that fits,
// if there is one in this library's folder.
bool fits_agent(std::string *error);

}  // namespace dvdi

#endif  // DVDI_MESOS_BUILD_HPP
