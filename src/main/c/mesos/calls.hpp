// SPDX-License-Identifier: Apache-2.0
// calls.hpp - calls into Java that wait for their answers.
#ifndef DVDI_MESOS_CALLS_HPP
#define DVDI_MESOS_CALLS_HPP

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <process/future.hpp>
#include <string>
#include <unordered_map>

#include "request.hpp"

namespace dvdi {

// Must never be destroyed: Java's threads, and its own, may use it until the process is gone.
class Calls {
 public:
  // Starts the thread that hands the answers on. Returns false, with the reason in `error`, if there can be no more
  // threads. Does nothing if it was started already.
  bool start(std::string *error);

  // Makes a call, which is handed its number and returns what the function of dvdi_module did. The future fails when
  // the call is refused and when its answer is a failure.
  process::Future<Answer> make(const std::function<int32_t(uint64_t)> &call);

  // The answer came. Copies it and returns at once; what waits for it goes on in the thread of start().
  void complete(uint64_t number, const dvdi_answer &answer);

  // Answers that are still to come are dropped: libprocess is about to end. Waits some seconds for code that goes on
  // with an earlier one.
  void abandon();

 private:
  using Promise = std::shared_ptr<process::Promise<Answer>>;

  uint64_t add(const Promise &promise);
  Promise take(uint64_t number);
  void deliver();

  std::mutex mutex_;  // never held while something else is called
  std::condition_variable changed_;
  bool started_ = false;
  bool delivers_ = false;  // code that waited for an answer is running
  uint64_t last_ = 0;
  std::unordered_map<uint64_t, Promise> pending_;
  std::deque<std::pair<Promise, Answer>> answered_;
};

}  // namespace dvdi

#endif  // DVDI_MESOS_CALLS_HPP
