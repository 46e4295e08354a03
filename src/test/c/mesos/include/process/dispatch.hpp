// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_DISPATCH_HPP
#define STAND_IN_PROCESS_DISPATCH_HPP

#include <type_traits>

#include "../stand_in.hpp"
#include "pid.hpp"

namespace process {

template <typename T, typename A, typename B>
void dispatch(const PID<T> &pid, void (T::*method)(A, B), typename std::decay<A>::type a,
              typename std::decay<B>::type b) {
  stand_in::enqueue([pid, method, a, b]() { (pid.process->*method)(a, b); });
}

}  // namespace process

#endif
