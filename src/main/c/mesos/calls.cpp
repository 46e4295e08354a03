// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"

#include <process/dispatch.hpp>
#include <process/id.hpp>
#include <process/process.hpp>

#include "../entry/dvdi_entry.h"

namespace dvdi {

// The thread that completes a future also runs the next isolator's code, since the containerizer chains the calls
// without an actor in between. That code may take long, and needs a stack of libprocess' size. So it must not run on
// one of Java's threads.
class Delivery : public process::Process<Delivery> {
 public:
  Delivery() : ProcessBase(process::ID::generate("dvdi")) {
  }

  void deliver(const Calls::Promise &promise, const Answer &answer) {
    if (answer.failed) {
      promise->fail(answer.failure);
    } else {
      promise->set(answer);
    }
  }
};

uint64_t Calls::add(const Promise &promise) {
  std::lock_guard<std::mutex> lock(mutex_);
  // Managed: libprocess frees it.
  if (last_ == 0)
    delivery_ = process::PID<Delivery>(process::spawn(new Delivery(), true));
  pending_[++last_] = promise;
  return last_;
}

Calls::Promise Calls::take(uint64_t number) {
  std::lock_guard<std::mutex> lock(mutex_);
  auto found = pending_.find(number);
  if (found == pending_.end())
    return nullptr;
  Promise promise = found->second;
  pending_.erase(found);
  return promise;
}

process::Future<Answer> Calls::make(const std::function<int32_t(uint64_t)> &call) {
  Promise promise = std::make_shared<process::Promise<Answer>>();
  process::Future<Answer> future = promise->future();
  // Before the call, since the answer may come before it returns.
  uint64_t number = add(promise);
  int32_t code = call(number);
  if (code != DVDI_ACCEPTED && take(number))
    promise->fail(dvdi_refusal(code));
  return future;
}

void Calls::complete(uint64_t number, const dvdi_answer &answer) {
  Promise promise = take(number);
  if (promise)
    process::dispatch(delivery_, &Delivery::deliver, promise, Answer(answer));
}

void Calls::abandon() {
  std::unordered_map<uint64_t, Promise> abandoned;
  std::lock_guard<std::mutex> lock(mutex_);
  abandoned.swap(pending_);
}

}  // namespace dvdi
