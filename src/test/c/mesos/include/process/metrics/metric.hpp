// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_METRICS_METRIC_HPP
#define STAND_IN_PROCESS_METRICS_METRIC_HPP

#include <process/future.hpp>
#include <stout/duration.hpp>
#include <stout/option.hpp>
#include <string>

namespace process {
namespace metrics {

class Metric {
 public:
  virtual ~Metric() = default;
  virtual Future<double> value() const = 0;
  const std::string &name() const {
    return name_;
  }

 protected:
  Metric(const std::string &name, const Option<Duration> &) : name_(name) {
  }

 private:
  std::string name_;
};

}  // namespace metrics
}  // namespace process

#endif
