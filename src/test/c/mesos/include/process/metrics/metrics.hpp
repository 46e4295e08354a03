// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_METRICS_METRICS_HPP
#define STAND_IN_PROCESS_METRICS_METRICS_HPP

#include "../../stand_in.hpp"

namespace process {
namespace metrics {

template <typename T>
void add(const T &metric) {
  stand_in::add_metric(metric.name(), [metric]() { return metric.value().get(); });
}

template <typename T>
void remove(const T &metric) {
  stand_in::remove_metric(metric.name());
}

}  // namespace metrics
}  // namespace process

#endif
