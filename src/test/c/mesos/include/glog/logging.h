// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_GLOG_LOGGING_H
#define STAND_IN_GLOG_LOGGING_H

#include <sstream>

#include "../stand_in.hpp"

namespace google {

class Line {
 public:
  explicit Line(char level) : level_(level) {
  }
  ~Line() {
    stand_in::log(level_, text_.str());
  }
  std::ostream &stream() {
    return text_;
  }

 private:
  char level_;
  std::ostringstream text_;
};

}  // namespace google

#define STAND_IN_LEVEL_INFO 'I'
#define STAND_IN_LEVEL_WARNING 'W'
#define STAND_IN_LEVEL_ERROR 'E'
#define LOG(level) google::Line(STAND_IN_LEVEL_##level).stream()

#endif
