// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_PID_HPP
#define STAND_IN_PROCESS_PID_HPP

namespace process {

template <typename T>
struct PID {
  PID() = default;
  explicit PID(T *to) : process(to) {
  }
  T *process = nullptr;
};

}  // namespace process

#endif
