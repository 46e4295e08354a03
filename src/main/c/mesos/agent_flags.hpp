// SPDX-License-Identifier: Apache-2.0
// agent_flags.hpp - the flags that this agent was started with. Mesos tells its modules none of them.
#ifndef DVDI_MESOS_AGENT_FLAGS_HPP
#define DVDI_MESOS_AGENT_FLAGS_HPP

#include <string>
#include <vector>

namespace dvdi {

// The value of a flag, or an empty string: from the arguments, --name=value, or else from the environment, MESOS_NAME.
// What it is may stand in a file, --name=file:///path.
std::string agent_flag(const std::string &name);

// Whether a flag is among the arguments. If so, its last value is there in `value`, also an empty one: Mesos does not
// look into the environment then.
bool find_flag(const std::vector<std::string> &arguments, const std::string &name, std::string *value);

}  // namespace dvdi

#endif  // DVDI_MESOS_AGENT_FLAGS_HPP
