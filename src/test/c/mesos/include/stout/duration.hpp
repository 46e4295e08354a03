// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_STOUT_DURATION_HPP
#define STAND_IN_STOUT_DURATION_HPP

#include <chrono>
#include <ostream>
#include <string>

struct Duration {
  std::chrono::nanoseconds length;
};
struct Milliseconds : Duration {
  static std::string units() {
    return "ms";
  }
};
struct Seconds : Duration {
  explicit constexpr Seconds(int count) : Duration{std::chrono::seconds(count)} {
  }
};
struct Hours : Duration {
  explicit constexpr Hours(int count) : Duration{std::chrono::hours(count)} {
  }
};

inline std::ostream &operator<<(std::ostream &stream, const Duration &duration) {
  return stream << std::chrono::duration_cast<std::chrono::seconds>(duration.length).count() << "secs";
}

#endif
