// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_GOOGLE_PROTOBUF_MESSAGE_H
#define STAND_IN_GOOGLE_PROTOBUF_MESSAGE_H

#include <cstddef>

#define GOOGLE_PROTOBUF_VERSION 3005000

namespace google {
namespace protobuf {

class Message {
 public:
  virtual ~Message() = default;
  // The size of the class in the stand-in for libmesos, whatever it is where this is called.
  size_t SpaceUsedLong() const;
};

}  // namespace protobuf
}  // namespace google

#endif
