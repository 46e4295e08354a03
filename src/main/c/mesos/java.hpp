// SPDX-License-Identifier: Apache-2.0
// java.hpp - the Java side. A process has at most one.
#ifndef DVDI_MESOS_JAVA_HPP
#define DVDI_MESOS_JAVA_HPP

#include <cstdint>
#include <functional>
#include <process/future.hpp>
#include <string>

#include "request.hpp"

namespace dvdi {

// Starts it. Returns false with the reason in `error`, after which it may be tried again.
bool open_java(const Entries &parameters, std::string *error);

// Calls a function of it; see Calls::make.
process::Future<Answer> call_java(const std::function<int32_t(const dvdi_module &, uint64_t)> &function);

// Ends it within some seconds, for an agent that is about to exit. What was mounted stays.
void close_java();

}  // namespace dvdi

#endif  // DVDI_MESOS_JAVA_HPP
