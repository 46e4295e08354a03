// SPDX-License-Identifier: Apache-2.0
// Calls and their answers in many threads at once. It needs no JVM, so that ThreadSanitizer can watch it.
#include "../../../main/c/mesos/calls.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include "../check.h"

namespace {

const int threads = 8;
const int calls_each = 200;

dvdi_answer failure() {
  static const char text[] = "not mounted";
  dvdi_answer answer = dvdi_answer();
  answer.failed = 1;
  answer.failure.data = text;
  answer.failure.size = sizeof text - 1;
  return answer;
}

// Its thread may use it until the process ends.
dvdi::Calls &started() {
  dvdi::Calls &calls = *new dvdi::Calls();
  std::string error;
  CHECK(calls.start(&error));
  CHECK(calls.start(&error));
  return calls;
}

// As Java does: the answer comes from another thread, before the call has returned or after it, and is sent once.
int32_t answered(dvdi::Calls *calls, uint64_t number, std::vector<std::thread> *answering) {
  switch (number % 3) {
    case 0:
      calls->complete(number, dvdi_answer());
      return DVDI_ACCEPTED;
    case 1:
      answering->emplace_back([calls, number] { calls->complete(number, failure()); });
      return DVDI_ACCEPTED;
    default:
      return DVDI_CLOSED;
  }
}

void caller(dvdi::Calls *calls, std::atomic<int> *ended) {
  std::vector<std::thread> answering;
  for (int i = 0; i < calls_each; i++) {
    uint64_t made = 0;
    process::Future<dvdi::Answer> future = calls->make([&](uint64_t number) {
      made = number;
      return answered(calls, number, &answering);
    });
    CHECK(future.await(Seconds(60)));
    CHECK(made % 3 == 0 ? future.isReady() : future.isFailed());
    (*ended)++;
  }
  for (std::thread &thread : answering)
    thread.join();
}

void each_call_ends_once() {
  static dvdi::Calls &calls = started();
  std::atomic<int> ended(0);
  std::vector<std::thread> all;
  for (int i = 0; i < threads; i++)
    all.emplace_back(caller, &calls, &ended);
  for (std::thread &thread : all)
    thread.join();
  CHECK(ended == threads * calls_each);
}

void answers_may_come_while_calls_are_abandoned() {
  static dvdi::Calls &calls = started();
  std::vector<uint64_t> numbers;
  std::vector<process::Future<dvdi::Answer>> futures;
  for (int i = 0; i < calls_each; i++) {
    futures.push_back(calls.make([&](uint64_t number) {
      numbers.push_back(number);
      return DVDI_ACCEPTED;
    }));
  }
  std::thread answering([&] {
    for (uint64_t number : numbers)
      calls.complete(number, dvdi_answer());
  });
  calls.abandon();
  answering.join();
  calls.complete(numbers.front(), dvdi_answer());  // one that came twice is dropped
}

}  // namespace

int main() {
  each_call_ends_once();
  answers_may_come_while_calls_are_abandoned();
  return 0;
}
