// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_STOUT_OPTION_HPP
#define STAND_IN_STOUT_OPTION_HPP

#include <memory>

#include "none.hpp"

template <typename T>
class Option {
 public:
  Option(const None &) {
  }
  Option(const T &value) : value_(std::make_shared<T>(value)) {
  }
  bool isSome() const {
    return value_ != nullptr;
  }
  bool isNone() const {
    return value_ == nullptr;
  }
  const T &get() const {
    return *value_;
  }

 private:
  std::shared_ptr<T> value_;
};

#endif
