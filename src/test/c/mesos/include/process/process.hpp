// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_PROCESS_HPP
#define STAND_IN_PROCESS_PROCESS_HPP

#include <string>

#include "pid.hpp"

namespace process {

class ProcessBase {
 public:
  explicit ProcessBase(const std::string &) {
  }
  virtual ~ProcessBase() = default;
};

template <typename T>
class Process : public virtual ProcessBase {
 public:
  Process() : ProcessBase("") {
  }
};

template <typename T>
PID<T> spawn(T *process, bool) {
  return PID<T>(process);
}

}  // namespace process

#endif
