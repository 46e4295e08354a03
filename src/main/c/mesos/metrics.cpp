// SPDX-License-Identifier: Apache-2.0
#include "metrics.hpp"

#include <stout/duration.hpp>
#include <vector>

namespace dvdi {
namespace {

// In the order of DVDI_VOLUMES_MOUNTED and so on.
const char *const names[] = {"dvdi/volumes_mounted",  "dvdi/volumes_stuck",  "dvdi/operations",
                             "dvdi/mounts",           "dvdi/mount_failures", "dvdi/unmounts",
                             "dvdi/unmount_failures", "dvdi/volumes_lost"};
static_assert(sizeof names / sizeof names[0] == DVDI_METRICS, "a metric of dvdi.h has no name");

// Never destroyed: Java's threads may come here until the process is gone.
const std::vector<Value> &measured() {
  static const std::vector<Value> &all = *new std::vector<Value>(std::begin(names), std::end(names));
  return all;
}

// How long the durations are kept of which the agent tells percentiles.
const Hours window(1);

}  // namespace

Value::Value(const std::string &name)
    : process::metrics::Metric(name, None()), value_(std::make_shared<std::atomic<int64_t>>(0)) {
}

process::Future<double> Value::value() const {
  return static_cast<double>(value_->load());
}

void Value::add(int64_t more) const {
  *value_ += more;
}

void Value::set(int64_t value) const {
  *value_ = value;
}

void measure(int32_t metric, int64_t value) {
  if (metric >= 0 && metric < DVDI_METRICS)
    measured()[static_cast<size_t>(metric)].set(value);
}

Metrics::Metrics()
    : containers_prepared("dvdi/containers_prepared"),
      containers_failed("dvdi/containers_failed"),
      containers_cleaned_up("dvdi/containers_cleaned_up"),
      prepare("dvdi/prepare", window),
      cleanup("dvdi/cleanup", window) {
  for (const Value &value : measured())
    process::metrics::add(value);
  process::metrics::add(containers_prepared);
  process::metrics::add(containers_failed);
  process::metrics::add(containers_cleaned_up);
  process::metrics::add(prepare);
  process::metrics::add(cleanup);
}

Metrics::~Metrics() {
  for (const Value &value : measured())
    process::metrics::remove(value);
  process::metrics::remove(containers_prepared);
  process::metrics::remove(containers_failed);
  process::metrics::remove(containers_cleaned_up);
  process::metrics::remove(prepare);
  process::metrics::remove(cleanup);
}

}  // namespace dvdi
