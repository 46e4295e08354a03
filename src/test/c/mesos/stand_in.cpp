// SPDX-License-Identifier: Apache-2.0
#include "include/stand_in.hpp"

#include <condition_variable>
#include <deque>
#include <iostream>
#include <mutex>
#include <thread>

namespace stand_in {
namespace {

// Never destroyed, since the worker's thread lives until the process ends.
struct State {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> work;
  std::map<std::string, std::function<double()>> metrics;
  std::string log;
};

State &state() {
  static State &only = *new State();
  return only;
}

thread_local bool is_worker = false;

void run() {
  is_worker = true;
  for (;;) {
    std::unique_lock<std::mutex> lock(state().mutex);
    state().changed.wait(lock, []() { return !state().work.empty(); });
    const std::function<void()> next = state().work.front();
    state().work.pop_front();
    lock.unlock();
    next();
  }
}

}  // namespace

void enqueue(const std::function<void()> &work) {
  static const bool started = []() {
    std::thread(run).detach();
    return true;
  }();
  std::lock_guard<std::mutex> lock(state().mutex);
  if (started)
    state().work.push_back(work);
  state().changed.notify_one();
}

bool on_worker() {
  return is_worker;
}

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
