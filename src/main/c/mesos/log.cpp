// SPDX-License-Identifier: Apache-2.0
#include "log.hpp"

#include <new>

namespace dvdi {

LogLine::LogLine(const char *file, int line, int severity) {
  static_assert(sizeof(google::LogMessage) <= sizeof message_ / 2, "the buffer is too small for newer versions");
  new (message_) google::LogMessage(file, line, severity);
}

LogLine::~LogLine() {
  reinterpret_cast<google::LogMessage *>(message_)->~LogMessage();
}

std::ostream &LogLine::stream() {
  return reinterpret_cast<google::LogMessage *>(message_)->stream();
}

}  // namespace dvdi
