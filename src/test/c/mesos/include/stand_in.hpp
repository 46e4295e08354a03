// SPDX-License-Identifier: Apache-2.0
// stand_in.hpp - what the tests see of the stand-in for libmesos: the log and the metrics.
//
// The headers beside this one have what the adapter uses of Mesos 1.11, in its shape, so that it is compiled and run
// where Mesos is not installed. They are no part of Mesos, and do less. With OTHER_ACTOR, OTHER_ISOLATOR or
// OTHER_MESSAGE they are those of another build of the same version.
#ifndef STAND_IN_HPP
#define STAND_IN_HPP

#include <functional>
#include <map>
#include <string>

namespace stand_in {

void add_metric(const std::string &name, const std::function<double()> &value);
void remove_metric(const std::string &name);
std::map<std::string, double> metrics();

void log(char level, const std::string &line);
std::string logged();

}  // namespace stand_in

#endif  // STAND_IN_HPP
