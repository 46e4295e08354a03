// SPDX-License-Identifier: Apache-2.0
#include "adapter.hpp"

#include <memory>

#include "java.hpp"
#include "log.hpp"

namespace dvdi {
namespace {

const char prefix[] = "DVDI_VOLUME_";

bool is_ours(const std::string &variable) {
  return variable.compare(0, sizeof prefix - 1, prefix) == 0;
}

// What concerns volumes. A container's other variables are nobody's business here.
Request relevant(const std::string &id, const Request &request) {
  Request wanted = request;
  wanted.environment.clear();
  for (const auto &variable : request.environment) {
    if (is_ours(variable.first))
      wanted.environment.push_back(variable);
  }
  for (const std::string &secret : request.secrets) {
    if (is_ours(secret)) {
      DVDI_LOG(WARNING) << "dvdi: container " << id << ": the variable " << secret
                        << " is of type SECRET, and its value "
                        << "is not known before the container runs, so it is ignored; use the type VALUE.";
    }
  }
  return wanted;
}

process::Failure refuse(const std::string &id, const std::string &reason) {
  return process::Failure("Container " + id + " requests external volumes, but cannot have them: " + reason);
}

}  // namespace

Adapter::Adapter(const Agent &agent) : agent_(agent) {
}

Adapter::~Adapter() {
  close_java();
}

void Adapter::keep(const std::string &id) {
  std::lock_guard<std::mutex> lock(mutex_);
  prepared_.insert(id);
}

bool Adapter::forget(const std::string &id) {
  std::lock_guard<std::mutex> lock(mutex_);
  return prepared_.erase(id) > 0;
}

process::Future<Nothing> Adapter::recover_containers(const std::vector<std::string> &ids) {
  std::vector<dvdi_string> views;
  for (const std::string &id : ids)
    views.push_back(view(id));
  auto recovered = std::make_shared<process::Promise<Nothing>>();
  call_java([&views](const dvdi_module &java, uint64_t call) {
    return java.recover(call, views.data(), views.size());
  }).onAny([recovered](const process::Future<Answer> &answer) {
    // An agent whose isolator fails to recover exits, and the tasks of a whole machine are lost for one volume.
    if (!answer.isReady()) {
      DVDI_LOG(ERROR) << "dvdi: volumes of earlier containers were not recovered: "
                      << (answer.isFailed() ? answer.failure() : "the call was discarded")
                      << ". They stay on record, and are not changed until the agent is restarted.";
    }
    recovered->set(Nothing());
  });
  return recovered->future();
}

process::Future<Option<LaunchInfo>> Adapter::prepare_container(const std::string &id, const Request &request) {
  if (request.debug)
    return Option<LaunchInfo>(None());
  const Request wanted = relevant(id, request);
  if (wanted.environment.empty() && wanted.volumes.empty())
    return Option<LaunchInfo>(None());
  const std::string reason = reason_against(wanted);
  if (!reason.empty())
    return refuse(id, reason);
  if (agent_.posix_launcher) {
    return refuse(id,
                  "this agent runs with --launcher=posix, which gives no container a mount namespace of its own. "
                  "Start the agent with --launcher=linux.");
  }
  const Container container(id, wanted, agent_.rootfs_sandbox);
  keep(id);
  const Launcher launcher = agent_.launcher;
  process::Future<Option<LaunchInfo>> prepared =
      call_java([&container](const dvdi_module &java, uint64_t call) {
        return java.prepare(call, container.view());
      }).then([launcher, id, wanted](const Answer &answer) -> process::Future<Option<LaunchInfo>> {
        return launch_info(launcher, id, wanted, answer);
      });
  const Value succeeded = metrics_.containers_prepared;
  const Value failed = metrics_.containers_failed;
  prepared.onAny([succeeded, failed](const process::Future<Option<LaunchInfo>> &result) {
    if (result.isReady()) {
      succeeded.add(1);
    } else {
      failed.add(1);
    }
  });
  return metrics_.prepare.time(prepared);
}

process::Future<Nothing> Adapter::clean_up_container(const std::string &id) {
  process::Future<Nothing> cleaned = call_java([&id](const dvdi_module &java, uint64_t call) {
                                       const dvdi_string container = view(id);
                                       return java.cleanup(call, &container);
                                     }).then([](const Answer &) -> process::Future<Nothing> { return Nothing(); });
  if (!forget(id))
    return cleaned;
  const Value counter = metrics_.containers_cleaned_up;
  cleaned.onReady([counter](const Nothing &) { counter.add(1); });
  return metrics_.cleanup.time(cleaned);
}

process::Future<mesos::ResourceStatistics> Adapter::usage_of_container(const std::string &id) {
  return call_java([&id](const dvdi_module &java, uint64_t call) {
           const dvdi_string container = view(id);
           return java.usage(call, &container);
         })
      .then([](const Answer &answer) -> process::Future<mesos::ResourceStatistics> {
        mesos::ResourceStatistics statistics;
        for (const Usage &usage : answer.usage)
          add_disk(&statistics, usage);
        return statistics;
      });
}

process::Future<Limitation> Adapter::watch_container(const std::string &id) {
  // The containerizer ends a container when this future does, for whatever reason. So it ends only with a limitation.
  auto limited = std::make_shared<process::Promise<Limitation>>();
  call_java([&id](const dvdi_module &java, uint64_t call) {
    const dvdi_string container = view(id);
    return java.watch(call, &container);
  }).onAny([limited, id](const process::Future<Answer> &answer) {
    if (answer.isReady() && !answer.get().limitation.empty())
      limited->set(limitation_of(answer.get().limitation));
    if (answer.isFailed())
      DVDI_LOG(WARNING) << "dvdi: the volumes of container " << id << " are not watched: " << answer.failure();
  });
  return limited->future();
}

}  // namespace dvdi
