// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_METRICS_PULL_GAUGE_HPP
#define STAND_IN_PROCESS_METRICS_PULL_GAUGE_HPP

#include <functional>
#include <process/future.hpp>
#include <string>

namespace process {
namespace metrics {

class PullGauge {
 public:
  PullGauge(const std::string &name, const std::function<Future<double>()> &function)
      : name_(name), function_(function) {
  }
  const std::string &name() const {
    return name_;
  }
  Future<double> value() const {
    return function_();
  }

 private:
  std::string name_;
  std::function<Future<double>()> function_;
};

}  // namespace metrics
}  // namespace process

#endif
