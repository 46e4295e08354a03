// SPDX-License-Identifier: Apache-2.0
// Compiled for another build of Mesos than the stand-in that it runs with: build_test-* TEXT. The text says what
// differs.
#include "../../../main/c/mesos/build.hpp"

#include <string>

#include "../check.h"

int main(int count, char **arguments) {
  CHECK(count == 2);
  std::string error;
  CHECK(!dvdi::fits_agent(&error));
  CHECK_SAYS(error.c_str(), arguments[1]);
  // There is one in this program's folder, and another that does not fit.
  CHECK_SAYS(error.c_str(), "and this agent is Mesos 1.11.0-stand_in: ");
  CHECK_SAYS(error.c_str(), "/libmesos_dvdi_isolator-1.11.0-stand_in.so instead");
  return 0;
}
