// SPDX-License-Identifier: Apache-2.0
#include "java.hpp"

#include <glog/logging.h>

#include <stout/duration.hpp>

#include "../entry/dvdi_entry.h"
#include "calls.hpp"
#include "metrics.hpp"

namespace dvdi {
namespace {

// Java ends what is under way within eight seconds of close, and there is little to do after that.
const Seconds close_deadline(10);
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
      LOG(INFO) << "dvdi: " << line;
      break;
    case DVDI_WARNING:
      LOG(WARNING) << "dvdi: " << line;
      break;
    default:
      LOG(ERROR) << "dvdi: " << line;
      break;
  }
}

void complete(uint64_t number, const dvdi_answer *answer) {
  calls().complete(number, *answer);
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
  if (!closed.await(close_deadline)) {
    LOG(WARNING) << "dvdi: Java did not finish its operations within " << close_deadline
                 << "; the next agent finds them on record.";
  } else if (closed.isFailed()) {
    LOG(WARNING) << "dvdi: Java did not finish its operations: " << closed.failure()
                 << "; the next agent finds them on record.";
  }
  calls().abandon();
  dvdi_end(end_deadline);
}

}  // namespace dvdi
