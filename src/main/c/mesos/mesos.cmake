# SPDX-License-Identifier: Apache-2.0
# The library for the agents of one build of Mesos: libmesos_dvdi_isolator-<version or build>.so. It is compiled with the
# headers in DVDI_MESOS_PREFIX or DVDI_MESOS_INCLUDES, and linked with no library of Mesos: an agent has loaded those
# before.

enable_language(CXX)
if(DVDI_MESOS_INCLUDES)
  set(MESOS_INCLUDES ${DVDI_MESOS_INCLUDES})
  list(GET MESOS_INCLUDES 0 MESOS_INCLUDE)
else()
  set(MESOS_INCLUDE ${DVDI_MESOS_PREFIX}/include)
  set(MESOS_INCLUDES ${MESOS_INCLUDE})
  # What Mesos bundles, when it was configured to install that; else the system's is used.
  if(EXISTS ${DVDI_MESOS_PREFIX}/lib/mesos/3rdparty/include)
    list(APPEND MESOS_INCLUDES ${DVDI_MESOS_PREFIX}/lib/mesos/3rdparty/include)
  endif()
endif()
if(NOT EXISTS ${MESOS_INCLUDE}/mesos/version.hpp)
  message(FATAL_ERROR "No headers of Mesos are in ${MESOS_INCLUDE}: mesos/version.hpp is missing. Name the prefix that "
                      "its `make install` was given, or build the library from Mesos' source: bin/package --mesos.")
endif()

file(STRINGS ${MESOS_INCLUDE}/mesos/version.hpp MESOS_VERSION_LINE REGEX "#define MESOS_VERSION ")
if(NOT MESOS_VERSION_LINE MATCHES "\"(([0-9]+)\\.([0-9]+)\\.([0-9]+).*)\"")
  message(FATAL_ERROR "${MESOS_INCLUDE}/mesos/version.hpp does not say which version it is of: ${MESOS_VERSION_LINE}")
endif()
set(MESOS_VERSION ${CMAKE_MATCH_1})
math(EXPR MESOS_VERSION_NUMBER "${CMAKE_MATCH_2} * 10000 + ${CMAKE_MATCH_3} * 100 + ${CMAKE_MATCH_4}")
if(DVDI_MESOS_BUILD)
  set(MESOS_BUILD ${DVDI_MESOS_BUILD})
else()
  set(MESOS_BUILD ${MESOS_VERSION})
endif()

# What those of Mesos include in turn.
foreach(header process/future.hpp stout/option.hpp google/protobuf/message.h glog/logging.h boost/functional/hash.hpp
               picojson.h curl/curl.h)
  find_path(MESOS_NEEDS ${header} PATHS ${MESOS_INCLUDES})
  if(NOT MESOS_NEEDS)
    message(FATAL_ERROR "${header} is neither in ${MESOS_INCLUDES} nor where the compiler looks, and Mesos' headers "
                        "need it. Install the packages that Mesos was built with. Or configure Mesos with "
                        "--enable-install-module-dependencies, which 1.0 and newer have, and install all of it. Or "
                        "build the library from Mesos' source, which bundles them: bin/package --mesos.")
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

set(DVDI_MESOS_LIBRARY mesos_dvdi_isolator-${MESOS_BUILD})
add_library(${DVDI_MESOS_LIBRARY} MODULE ${DVDI_MESOS_SOURCES})
set_target_properties(${DVDI_MESOS_LIBRARY} PROPERTIES
  CXX_STANDARD ${MESOS_CXX_STANDARD} CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
  CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
target_compile_definitions(${DVDI_MESOS_LIBRARY} PRIVATE
  DVDI_MESOS_VERSION=${MESOS_VERSION_NUMBER} DVDI_MESOS_BUILD="${MESOS_BUILD}" __STDC_FORMAT_MACROS)
target_include_directories(${DVDI_MESOS_LIBRARY} SYSTEM PRIVATE ${MESOS_INCLUDES})
target_link_libraries(${DVDI_MESOS_LIBRARY} PRIVATE dvdi_entry)
dvdi_agent_module(${DVDI_MESOS_LIBRARY})
# The linker does not see what is missing, so this looks.
add_custom_command(TARGET ${DVDI_MESOS_LIBRARY} POST_BUILD
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/../../../bin/lib/check-undefined $<TARGET_FILE:${DVDI_MESOS_LIBRARY}>)
message(STATUS "The library for the agents of Mesos ${MESOS_BUILD} is built.")
install(TARGETS ${DVDI_MESOS_LIBRARY} LIBRARY DESTINATION lib)
