// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_GLOG_LOGGING_H
#define STAND_IN_GLOG_LOGGING_H

#include <ostream>

namespace google {

const int GLOG_INFO = 0;
const int GLOG_WARNING = 1;
const int GLOG_ERROR = 2;

class LogMessage {
 public:
  LogMessage(const char *file, int line, int severity);
  ~LogMessage();
  std::ostream &stream();

 private:
  struct Data;
  Data *data_;
};

}  // namespace google

#endif
