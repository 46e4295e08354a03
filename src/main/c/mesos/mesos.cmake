# SPDX-License-Identifier: Apache-2.0
# The library for the mesos-agent that is installed in DVDI_MESOS_PREFIX: libmesos_dvdi_isolator-<its version>.so.

enable_language(CXX)
# The prefix may be another one than when this build folder was made.
unset(MESOS_INCLUDE CACHE)
unset(MESOS_LIBRARY CACHE)
find_path(MESOS_INCLUDE mesos/version.hpp PATHS ${DVDI_MESOS_PREFIX}/include NO_DEFAULT_PATH)
find_library(MESOS_LIBRARY mesos PATHS ${DVDI_MESOS_PREFIX}/lib ${DVDI_MESOS_PREFIX}/lib64 NO_DEFAULT_PATH)
if(NOT MESOS_INCLUDE OR NOT MESOS_LIBRARY)
  message(FATAL_ERROR "Mesos is not installed in ${DVDI_MESOS_PREFIX}: include/mesos/version.hpp or lib/libmesos.so is "
                      "missing. Name the prefix that its `make install` was given.")
endif()

file(STRINGS ${MESOS_INCLUDE}/mesos/version.hpp MESOS_VERSION_LINE REGEX "#define MESOS_VERSION ")
if(NOT MESOS_VERSION_LINE MATCHES "\"(([0-9]+)\\.([0-9]+)\\.([0-9]+).*)\"")
  message(FATAL_ERROR "${MESOS_INCLUDE}/mesos/version.hpp does not say which version it is of: ${MESOS_VERSION_LINE}")
endif()
set(MESOS_VERSION ${CMAKE_MATCH_1})
math(EXPR MESOS_VERSION_NUMBER "${CMAKE_MATCH_2} * 10000 + ${CMAKE_MATCH_3} * 100 + ${CMAKE_MATCH_4}")

# What Mesos bundles, when it was configured with --enable-install-module-dependencies; else the system's is used.
set(MESOS_INCLUDES ${MESOS_INCLUDE})
if(EXISTS ${DVDI_MESOS_PREFIX}/lib/mesos/3rdparty/include)
  list(APPEND MESOS_INCLUDES ${DVDI_MESOS_PREFIX}/lib/mesos/3rdparty/include)
endif()

# What those of Mesos include in turn.
foreach(header process/future.hpp stout/option.hpp google/protobuf/message.h glog/logging.h boost/functional/hash.hpp
               picojson.h)
  find_path(MESOS_NEEDS ${header} PATHS ${MESOS_INCLUDES})
  if(NOT MESOS_NEEDS)
    message(FATAL_ERROR "${header} is neither in ${DVDI_MESOS_PREFIX} nor where the compiler looks, and Mesos' headers "
                        "need it. Configure Mesos with --enable-install-module-dependencies, and install all of it; or "
                        "install the packages that it was built with.")
  endif()
  unset(MESOS_NEEDS CACHE)
endforeach()

# Mesos is of C++11. Headers of newer libraries that it was built with, gRPC's for one, may want more.
set(DVDI_MESOS_CXX_STANDARD "" CACHE STRING "The C++ standard for Mesos' headers; empty: 11 before Mesos 1.12, then 14")
if(DVDI_MESOS_CXX_STANDARD)
  set(MESOS_CXX_STANDARD ${DVDI_MESOS_CXX_STANDARD})
elseif(MESOS_VERSION VERSION_LESS 1.12)
  set(MESOS_CXX_STANDARD 11)
else()
  set(MESOS_CXX_STANDARD 14)
endif()

set(DVDI_MESOS_LIBRARY mesos_dvdi_isolator-${MESOS_VERSION})
add_library(${DVDI_MESOS_LIBRARY} MODULE ${DVDI_MESOS_SOURCES})
set_target_properties(${DVDI_MESOS_LIBRARY} PROPERTIES
  CXX_STANDARD ${MESOS_CXX_STANDARD} CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
  CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
target_compile_definitions(${DVDI_MESOS_LIBRARY} PRIVATE
  DVDI_MESOS_VERSION=${MESOS_VERSION_NUMBER} __STDC_FORMAT_MACROS)
target_include_directories(${DVDI_MESOS_LIBRARY} SYSTEM PRIVATE ${MESOS_INCLUDES})
# libmesos has glog in it. The agent has loaded it before, from wherever it is then.
target_link_libraries(${DVDI_MESOS_LIBRARY} PRIVATE dvdi_entry ${MESOS_LIBRARY})
# protobuf is in libmesos too, or is a library that libmesos needs.
target_link_options(${DVDI_MESOS_LIBRARY} PRIVATE -Wl,--as-needed -Wl,--copy-dt-needed-entries)
dvdi_agent_module(${DVDI_MESOS_LIBRARY})
message(STATUS "The library for mesos-agent ${MESOS_VERSION} of ${DVDI_MESOS_PREFIX} is built.")
install(TARGETS ${DVDI_MESOS_LIBRARY} LIBRARY DESTINATION lib)
