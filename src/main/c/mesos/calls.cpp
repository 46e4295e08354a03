// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "../entry/dvdi_entry.h"

namespace dvdi {
namespace {

const std::chrono::seconds delivery_deadline(5);

void end(process::Promise<Answer> *promise, const Answer &answer) {
  if (answer.failed) {
    promise->fail(answer.failure);
  } else {
    promise->set(answer);
  }
}

}  // namespace

bool Calls::start(std::string *error) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (started_)
    return true;
  // The agent's signals are for its own threads. A new thread inherits the mask.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread([this] { deliver(); }).detach();
    started_ = true;
  } catch (const std::system_error &failure) {
    *error = std::string("no thread can be started for the answers of Java: ") + failure.what() +
             "; raise the limit of tasks (ulimit -u, TasksMax= of systemd).";
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started_;
}

// The thread that completes a future also runs the next isolator's code, since the containerizer chains the calls
// without an actor in between. That code may take long, and needs a stack of libprocess' size. So it must not run on
// one of Java's threads. It does not run on an actor of ours either: an actor is derived from ProcessBase, whose size
// differs between builds of one version.
void Calls::deliver() {
  pthread_setname_np(pthread_self(), "dvdi-answers");
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !answered_.empty(); });
    delivers_ = true;
    {
      const std::pair<Promise, Answer> next = std::move(answered_.front());
      answered_.pop_front();
      lock.unlock();
      end(next.first.get(), next.second);
    }
    lock.lock();
    delivers_ = false;
    changed_.notify_all();
  }
}

uint64_t Calls::add(const Promise &promise) {
  std::lock_guard<std::mutex> lock(mutex_);
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
  if (!promise)
    return;
  std::pair<Promise, Answer> copy(promise, Answer(answer));
  std::lock_guard<std::mutex> lock(mutex_);
  answered_.push_back(std::move(copy));
  changed_.notify_all();
}

void Calls::abandon() {
  std::unordered_map<uint64_t, Promise> abandoned;
  std::deque<std::pair<Promise, Answer>> undelivered;
  std::unique_lock<std::mutex> lock(mutex_);
  abandoned.swap(pending_);
  undelivered.swap(answered_);
  // wait_for would need glibc 2.30.
  changed_.wait_until(lock, std::chrono::system_clock::now() + delivery_deadline, [this] { return !delivers_; });
}

}  // namespace dvdi
