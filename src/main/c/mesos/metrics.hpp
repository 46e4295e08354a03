// SPDX-License-Identifier: Apache-2.0
// metrics.hpp - what the agent's /metrics/snapshot tells of the isolator, all of it named dvdi/...
#ifndef DVDI_MESOS_METRICS_HPP
#define DVDI_MESOS_METRICS_HPP

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "versions.hpp"

namespace dvdi {

// Keeps a value that Java told, dvdi_host.measure. Never waits.
void measure(int32_t metric, int64_t value);

// A number, of which copies are the same.
class Value : public process::metrics::Metric {
 public:
  explicit Value(const std::string &name);

  process::Future<double> value() const override;
  void add(int64_t more) const;
  void set(int64_t value) const;

 private:
  std::shared_ptr<std::atomic<int64_t>> value_;
};

// There while the isolator is.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics &) = delete;
  Metrics &operator=(const Metrics &) = delete;

  Value containers_prepared;  // with at least one external volume
  Value containers_failed;    // to be prepared
  Value containers_cleaned_up;
  process::metrics::Timer<Milliseconds> prepare;
  process::metrics::Timer<Milliseconds> cleanup;
};

}  // namespace dvdi

#endif  // DVDI_MESOS_METRICS_HPP
