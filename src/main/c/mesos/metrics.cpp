// SPDX-License-Identifier: Apache-2.0
#include "metrics.hpp"

#include <atomic>
#include <stout/duration.hpp>

namespace dvdi {
namespace {

// In the order of DVDI_VOLUMES_MOUNTED and so on.
const char *const names[] = {"dvdi/volumes_mounted",  "dvdi/volumes_stuck",  "dvdi/operations",
                             "dvdi/mounts",           "dvdi/mount_failures", "dvdi/unmounts",
                             "dvdi/unmount_failures", "dvdi/volumes_lost"};
static_assert(sizeof names / sizeof names[0] == DVDI_METRICS, "a metric of dvdi.h has no name");

std::atomic<int64_t> values[DVDI_METRICS];

// How long the durations are kept of which the agent tells percentiles.
const Hours window(1);

}  // namespace

void measure(int32_t metric, int64_t value) {
  if (metric >= 0 && metric < DVDI_METRICS)
    values[metric] = value;
}

Metrics::Metrics()
    : containers_prepared("dvdi/containers_prepared"),
      containers_failed("dvdi/containers_failed"),
      containers_cleaned_up("dvdi/containers_cleaned_up"),
      prepare("dvdi/prepare", window),
      cleanup("dvdi/cleanup", window) {
  for (size_t i = 0; i < DVDI_METRICS; i++) {
    measured_.push_back(
        make_gauge(names[i], [i]() { return process::Future<double>(static_cast<double>(values[i].load())); }));
    process::metrics::add(measured_.back());
  }
  process::metrics::add(containers_prepared);
  process::metrics::add(containers_failed);
  process::metrics::add(containers_cleaned_up);
  process::metrics::add(prepare);
  process::metrics::add(cleanup);
}

Metrics::~Metrics() {
  for (const Gauge &gauge : measured_)
    process::metrics::remove(gauge);
  process::metrics::remove(containers_prepared);
  process::metrics::remove(containers_failed);
  process::metrics::remove(containers_cleaned_up);
  process::metrics::remove(prepare);
  process::metrics::remove(cleanup);
}

}  // namespace dvdi
