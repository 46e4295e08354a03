// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_METRICS_TIMER_HPP
#define STAND_IN_PROCESS_METRICS_TIMER_HPP

#include <atomic>
#include <memory>
#include <process/future.hpp>
#include <process/metrics/metric.hpp>
#include <stout/duration.hpp>
#include <string>

namespace process {
namespace metrics {

// Counts what it times; how long that took is libprocess' business.
template <typename T>
class Timer : public Metric {
 public:
  Timer(const std::string &name, const Duration &)
      : Metric(name + "_" + T::units(), None()), timed_(std::make_shared<std::atomic<int>>(0)) {
  }
  Future<double> value() const override {
    return static_cast<double>(*timed_);
  }
  template <typename U>
  Future<U> time(const Future<U> &future) {
    const auto timed = timed_;
    future.onAny([timed](const Future<U> &) { ++*timed; });
    return future;
  }

 private:
  std::shared_ptr<std::atomic<int>> timed_;
};

}  // namespace metrics
}  // namespace process

#endif
