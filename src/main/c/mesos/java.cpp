// SPDX-License-Identifier: Apache-2.0
#include "java.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "../entry/dvdi_entry.h"
#include "calls.hpp"
#include "log.hpp"
#include "metrics.hpp"

namespace dvdi {
namespace {

// Java ends what is under way within eight seconds of close, and there is little to do after that.
const std::chrono::seconds close_deadline(10);
const unsigned end_deadline = 5000;  // milliseconds

dvdi_module module;

// Never destroyed: Java's threads may come here until the process is gone, later than C++'s destructors run.
Calls &calls() {
  static Calls &only = *new Calls();
  return only;
}

void log(int32_t level, const dvdi_string *text) {
  const std::string line = copy(*text);
  switch (level) {
    case DVDI_INFO:
      DVDI_LOG(INFO) << "dvdi: " << line;
      break;
    case DVDI_WARNING:
      DVDI_LOG(WARNING) << "dvdi: " << line;
      break;
    default:
      DVDI_LOG(ERROR) << "dvdi: " << line;
      break;
  }
}

void complete(uint64_t number, const dvdi_answer *answer) {
  calls().complete(number, *answer);
}

// Waits until a call has ended. False if it has not by the deadline.
//
// Future::await is not used. It makes an object of libprocess in this library, whose size the agent's build decides.
bool await(const process::Future<Answer> &future, std::chrono::seconds deadline) {
  struct Ended {
    std::mutex mutex;
    std::condition_variable changed;
    bool ended = false;
  };
  auto shared = std::make_shared<Ended>();
  future.onAny([shared](const process::Future<Answer> &) {
    std::lock_guard<std::mutex> lock(shared->mutex);
    shared->ended = true;
    shared->changed.notify_all();
  });
  std::unique_lock<std::mutex> lock(shared->mutex);
  // wait_for would need glibc 2.30.
  return shared->changed.wait_until(lock, std::chrono::system_clock::now() + deadline,
                                    [&shared] { return shared->ended; });
}

dvdi_host make_host() {
  dvdi_host host = dvdi_host();
  host.version = DVDI_VERSION;
  host.log = log;
  host.complete = complete;
  host.measure = measure;
  return host;
}

}  // namespace

bool open_java(const Entries &parameters, std::string *error) {
  static const dvdi_host host = make_host();
  if (!calls().start(error))
    return false;
  char reason[8192] = "";
  const std::vector<dvdi_entry> entries = view(parameters);
  if (dvdi_open(&host, entries.data(), entries.size(), &module, reason, sizeof reason) == 0)
    return true;
  *error = reason;
  return false;
}

process::Future<Answer> call_java(const std::function<int32_t(const dvdi_module &, uint64_t)> &function) {
  return calls().make([&function](uint64_t number) { return function(module, number); });
}

void close_java() {
  const process::Future<Answer> closed =
      call_java([](const dvdi_module &java, uint64_t number) { return java.close(number); });
  if (!await(closed, close_deadline)) {
    DVDI_LOG(WARNING) << "dvdi: Java did not finish its operations within " << close_deadline.count()
                      << " s; the next agent finds them on record.";
  } else if (closed.isFailed()) {
    DVDI_LOG(WARNING) << "dvdi: Java did not finish its operations: " << closed.failure()
                      << "; the next agent finds them on record.";
  }
  calls().abandon();
  dvdi_end(end_deadline);
}

}  // namespace dvdi
