// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_ID_HPP
#define STAND_IN_PROCESS_ID_HPP

#include <string>

namespace process {
namespace ID {

inline std::string generate(const std::string &prefix) {
  return prefix + "(1)";
}

}  // namespace ID
}  // namespace process

#endif
