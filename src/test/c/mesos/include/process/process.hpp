// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_PROCESS_HPP
#define STAND_IN_PROCESS_PROCESS_HPP

#include <map>
#include <set>
#include <string>

namespace process {

class ProcessBase {
 public:
  explicit ProcessBase(const std::string &id);
  virtual ~ProcessBase();

 private:
  std::map<std::string, std::string> assets_;
#ifdef OTHER_ACTOR
  std::set<std::string> origins_;
#endif
  std::string id_;
};

}  // namespace process

#endif
