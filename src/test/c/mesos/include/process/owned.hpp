// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_OWNED_HPP
#define STAND_IN_PROCESS_OWNED_HPP
#endif
