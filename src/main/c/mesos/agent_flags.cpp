// SPDX-License-Identifier: Apache-2.0
#include "agent_flags.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace dvdi {
namespace {

// proc(5): each argument ends with a NUL.
std::vector<std::string> own_arguments() {
  std::vector<std::string> arguments;
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  for (std::string argument; std::getline(file, argument, '\0');)
    arguments.push_back(argument);
  return arguments;
}

// Mesos takes the value of any flag from a file (stout's flags/fetch.hpp).
std::string content(const std::string &value) {
  const std::string start = "file://";
  if (value.compare(0, start.size(), start) != 0)
    return value;
  std::ifstream file(value.substr(start.size()), std::ios::binary);
  if (!file.is_open())
    return value;  // the agent has said so itself, or the file is gone since
  // As it is: Mesos takes blanks and line ends for a part of the value, too.
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

}  // namespace

bool find_flag(const std::vector<std::string> &arguments, const std::string &name, std::string *value) {
  const std::string start = "--" + name + "=";
  bool found = false;
  for (const std::string &argument : arguments) {
    if (argument.compare(0, start.size(), start) == 0) {
      *value = argument.substr(start.size());
      found = true;
    }
  }
  return found;
}

std::string agent_flag(const std::string &name) {
  std::string value;
  if (find_flag(own_arguments(), name, &value))
    return content(value);
  std::string variable = "MESOS_" + name;
  std::transform(variable.begin(), variable.end(), variable.begin(), [](unsigned char c) { return std::toupper(c); });
  const char *set = std::getenv(variable.c_str());
  return set != nullptr ? content(set) : "";
}

}  // namespace dvdi
