// SPDX-License-Identifier: Apache-2.0
// adapter.hpp - the isolator that the agent calls: hands over to Java, and Java's answers back.
//
// Its methods may be called from any thread, several at a time (the containerizer calls prepare and cleanup from
// whichever thread the isolator before it was done in), and none of them waits.
#ifndef DVDI_MESOS_ADAPTER_HPP
#define DVDI_MESOS_ADAPTER_HPP

#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "calls.hpp"
#include "launch.hpp"
#include "metrics.hpp"
#include "versions.hpp"

namespace dvdi {

// How this agent is set up.
struct Agent {
  Launcher launcher;
  std::string rootfs_sandbox;   // where a container with an image sees its sandbox
  bool posix_launcher = false;  // which has no namespaces
};

class Adapter : public Isolation {
 public:
  explicit Adapter(const Agent &agent);
  ~Adapter() override;

  process::Future<Nothing> recover_containers(const std::vector<std::string> &ids) override;
  process::Future<Option<LaunchInfo>> prepare_container(const std::string &id, const Request &request) override;
  process::Future<Nothing> clean_up_container(const std::string &id) override;
  process::Future<mesos::ResourceStatistics> usage_of_container(const std::string &id) override;
  process::Future<Limitation> watch_container(const std::string &id) override;

 private:
  void keep(const std::string &id);
  bool forget(const std::string &id);

  const Agent agent_;
  Metrics metrics_;
  std::mutex mutex_;                          // of prepared_; never held while something else is called
  std::unordered_set<std::string> prepared_;  // containers, for the metrics
};

}  // namespace dvdi

#endif  // DVDI_MESOS_ADAPTER_HPP
