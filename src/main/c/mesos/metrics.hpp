// SPDX-License-Identifier: Apache-2.0
// metrics.hpp - what the agent's /metrics/snapshot tells of the isolator, all of it named dvdi/...
#ifndef DVDI_MESOS_METRICS_HPP
#define DVDI_MESOS_METRICS_HPP

#include <cstdint>
#include <vector>

#include "versions.hpp"

namespace dvdi {

// Keeps a value that Java told, dvdi_host.measure. Never waits.
void measure(int32_t metric, int64_t value);

// There while the isolator is.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics &) = delete;
  Metrics &operator=(const Metrics &) = delete;

  process::metrics::Counter containers_prepared;  // with at least one external volume
  process::metrics::Counter containers_failed;    // to be prepared
  process::metrics::Counter containers_cleaned_up;
  process::metrics::Timer<Milliseconds> prepare;
  process::metrics::Timer<Milliseconds> cleanup;

 private:
  std::vector<Gauge> measured_;
};

}  // namespace dvdi

#endif  // DVDI_MESOS_METRICS_HPP
