// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_MESOS_MODULE_ISOLATOR_HPP
#define STAND_IN_MESOS_MODULE_ISOLATOR_HPP

#include <mesos/mesos.hpp>
#include <mesos/module.hpp>
#include <mesos/slave/isolator.hpp>

namespace mesos {
namespace modules {

template <>
struct Module<slave::Isolator> : ModuleBase {
  Module(const char *api, const char *version, const char *name, const char *email, const char *text,
         bool (*is_compatible)(), slave::Isolator *(*make)(const Parameters &))
      : ModuleBase{api, version, "Isolator", name, email, text, is_compatible}, create(make) {
  }
  slave::Isolator *(*create)(const Parameters &);
};

}  // namespace modules
}  // namespace mesos

#endif
