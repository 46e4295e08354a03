// SPDX-License-Identifier: Apache-2.0
// field.hpp - fields of messages, with the accessors that protoc would make for them.
#ifndef STAND_IN_MESOS_FIELD_HPP
#define STAND_IN_MESOS_FIELD_HPP

#include <string>
#include <vector>

#define FIELD(type, name)              \
 public:                               \
  bool has_##name() const {            \
    return has_##name##_;              \
  }                                    \
  const type &name() const {           \
    return name##_;                    \
  }                                    \
  void set_##name(const type &value) { \
    *mutable_##name() = value;         \
  }                                    \
  type *mutable_##name() {             \
    has_##name##_ = true;              \
    return &name##_;                   \
  }                                    \
                                       \
 private:                              \
  bool has_##name##_ = false;          \
  type name##_ = type();

#define REPEATED(type, name)              \
 public:                                  \
  const std::vector<type> &name() const { \
    return name##_;                       \
  }                                       \
  void add_##name(const type &value) {    \
    name##_.push_back(value);             \
  }                                       \
  type *add_##name() {                    \
    name##_.emplace_back();               \
    return &name##_.back();               \
  }                                       \
                                          \
 private:                                 \
  std::vector<type> name##_;

#endif
