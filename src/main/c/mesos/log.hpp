// SPDX-License-Identifier: Apache-2.0
// log.hpp - lines in the agent's log: DVDI_LOG(INFO) << "dvdi: ...".
//
// glog's own LOG is not used. It puts a LogMessage on the stack, whose size depends on glog's version, and which
// version the agent has is not known before it runs.
#ifndef DVDI_MESOS_LOG_HPP
#define DVDI_MESOS_LOG_HPP

#include <glog/logging.h>

#include <ostream>

namespace dvdi {

class LogLine {
 public:
  LogLine(const char *file, int line, int severity);
  ~LogLine();
  LogLine(const LogLine &) = delete;
  LogLine &operator=(const LogLine &) = delete;

  std::ostream &stream();

 private:
  alignas(16) char message_[2048];  // glog's LogMessage; that of 0.6 has 112 bytes
};

}  // namespace dvdi

#define DVDI_LOG(severity) dvdi::LogLine(__FILE__, __LINE__, google::GLOG_##severity).stream()

#endif  // DVDI_MESOS_LOG_HPP
