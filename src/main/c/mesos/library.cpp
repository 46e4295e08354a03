// SPDX-License-Identifier: Apache-2.0
#include "library.hpp"

#include <dlfcn.h>

#include <climits>
#include <cstdlib>

namespace dvdi {

std::string library_path() {
  static const char here = 0;
  Dl_info library;
  char path[PATH_MAX];
  if (dladdr(&here, &library) == 0 || realpath(library.dli_fname, path) == nullptr)
    return "";
  return path;
}

}  // namespace dvdi
