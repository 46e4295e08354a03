// SPDX-License-Identifier: Apache-2.0
#include "include/stand_in.hpp"

#include <glog/logging.h>
#include <google/protobuf/message.h>

#include <iostream>
#include <mesos/slave/isolator.hpp>
#include <mutex>
#include <process/process.hpp>
#include <sstream>
#include <typeindex>

namespace stand_in {
namespace {

// Never destroyed, since other threads may still log.
struct State {
  std::mutex mutex;
  std::map<std::string, std::function<double()>> metrics;
  std::string log;
};

State &state() {
  static State &only = *new State();
  return only;
}

template <typename T>
std::pair<const std::type_index, size_t> size_of() {
  return {std::type_index(typeid(T)), sizeof(T)};
}

}  // namespace

void add_metric(const std::string &name, const std::function<double()> &value) {
  std::lock_guard<std::mutex> lock(state().mutex);
  state().metrics[name] = value;
}

void remove_metric(const std::string &name) {
  std::lock_guard<std::mutex> lock(state().mutex);
  state().metrics.erase(name);
}

std::map<std::string, double> metrics() {
  std::lock_guard<std::mutex> lock(state().mutex);
  std::map<std::string, double> values;
  for (const auto &metric : state().metrics)
    values[metric.first] = metric.second();
  return values;
}

void log(char level, const std::string &line) {
  std::lock_guard<std::mutex> lock(state().mutex);
  state().log += level + (" " + line) + "\n";
  std::cerr << level << " " << line << std::endl;
}

std::string logged() {
  std::lock_guard<std::mutex> lock(state().mutex);
  return state().log;
}

}  // namespace stand_in

namespace google {

struct LogMessage::Data {
  char level;
  std::ostringstream text;
};

LogMessage::LogMessage(const char *, int, int severity) : data_(new Data{"IWE"[severity], std::ostringstream()}) {
}

LogMessage::~LogMessage() {
  stand_in::log(data_->level, data_->text.str());
  delete data_;
}

std::ostream &LogMessage::stream() {
  return data_->text;
}

namespace protobuf {

size_t Message::SpaceUsedLong() const {
  using namespace mesos;         // NOLINT
  using namespace mesos::slave;  // NOLINT
  using Source = Resource::DiskInfo::Source;
  using DockerVolume = Volume::Source::DockerVolume;
  static const std::map<std::type_index, size_t> sizes = {stand_in::size_of<Parameter>(),
                                                          stand_in::size_of<Parameters>(),
                                                          stand_in::size_of<ContainerID>(),
                                                          stand_in::size_of<ResourceStatistics>(),
                                                          stand_in::size_of<Environment>(),
                                                          stand_in::size_of<Environment::Variable>(),
                                                          stand_in::size_of<CommandInfo>(),
                                                          stand_in::size_of<ContainerInfo>(),
                                                          stand_in::size_of<Volume>(),
                                                          stand_in::size_of<ExecutorInfo>(),
                                                          stand_in::size_of<ContainerLaunchInfo>(),
                                                          stand_in::size_of<ContainerLimitation>(),
                                                          stand_in::size_of<ContainerState>(),
                                                          stand_in::size_of<ContainerConfig>(),
                                                          stand_in::size_of<Volume::Source>(),
                                                          stand_in::size_of<DockerVolume>(),
                                                          stand_in::size_of<DiskStatistics>(),
                                                          stand_in::size_of<Source>(),
                                                          stand_in::size_of<Source::Mount>()};
  return sizes.at(typeid(*this));
}

}  // namespace protobuf
}  // namespace google

namespace process {

ProcessBase::ProcessBase(const std::string &id) : id_(id) {
}

ProcessBase::~ProcessBase() = default;

}  // namespace process

// Where this is, is the table of its methods.
mesos::slave::Isolator::~Isolator() = default;
