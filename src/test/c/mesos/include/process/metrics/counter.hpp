// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_METRICS_COUNTER_HPP
#define STAND_IN_PROCESS_METRICS_COUNTER_HPP

#include <atomic>
#include <memory>
#include <process/future.hpp>
#include <string>

namespace process {
namespace metrics {

class Counter {
 public:
  explicit Counter(const std::string &name) : name_(name), value_(std::make_shared<std::atomic<int>>(0)) {
  }
  const std::string &name() const {
    return name_;
  }
  Future<double> value() const {
    return static_cast<double>(*value_);
  }
  Counter &operator++() {
    ++*value_;
    return *this;
  }

 private:
  std::string name_;
  std::shared_ptr<std::atomic<int>> value_;
};

}  // namespace metrics
}  // namespace process

#endif
