// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_MESOS_VERSION_HPP
#define STAND_IN_MESOS_VERSION_HPP

#define MESOS_VERSION "1.11.0"

#endif
