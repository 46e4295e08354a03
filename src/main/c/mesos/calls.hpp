// SPDX-License-Identifier: Apache-2.0
// calls.hpp - calls into Java that wait for their answers.
#ifndef DVDI_MESOS_CALLS_HPP
#define DVDI_MESOS_CALLS_HPP

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <process/future.hpp>
#include <process/pid.hpp>
#include <unordered_map>

#include "request.hpp"

namespace dvdi {

class Delivery;

class Calls {
 public:
  // Makes a call, which is handed its number and returns what the function of dvdi_module did. The future fails when
  // the call is refused and when its answer is a failure.
  process::Future<Answer> make(const std::function<int32_t(uint64_t)> &call);

  // The answer came. Copies it and returns at once; what waits for it goes on in a thread of libprocess.
  void complete(uint64_t number, const dvdi_answer &answer);

  // Answers that are still to come are dropped: libprocess is about to end.
  void abandon();

 private:
  friend class Delivery;
  using Promise = std::shared_ptr<process::Promise<Answer>>;

  uint64_t add(const Promise &promise);
  Promise take(uint64_t number);

  std::mutex mutex_;  // never held while something else is called
  uint64_t last_ = 0;
  std::unordered_map<uint64_t, Promise> pending_;
  process::PID<Delivery> delivery_;
};

}  // namespace dvdi

#endif  // DVDI_MESOS_CALLS_HPP
