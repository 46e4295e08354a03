// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_STOUT_NOTHING_HPP
#define STAND_IN_STOUT_NOTHING_HPP

struct Nothing {};

#endif
