// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_STOUT_NONE_HPP
#define STAND_IN_STOUT_NONE_HPP

struct None {};

#endif
