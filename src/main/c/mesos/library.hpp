// SPDX-License-Identifier: Apache-2.0
// library.hpp - where this library is.
#ifndef DVDI_MESOS_LIBRARY_HPP
#define DVDI_MESOS_LIBRARY_HPP

#include <string>

namespace dvdi {

// The path of this library's file, without links; empty if it cannot be found.
std::string library_path();

}  // namespace dvdi

#endif  // DVDI_MESOS_LIBRARY_HPP
