// SPDX-License-Identifier: Apache-2.0
// How answers of Java reach the agent: each its own call, in one thread.
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <thread>
#include <vector>

#include "adapter_fixture.hpp"

using Launched = process::Future<Option<ContainerLaunchInfo>>;

namespace {

void an_answer_may_come_before_its_call_returns(Isolator *isolator) {
  CHECK(result(isolator->prepare(id_of("early"), asking_for("early"))).isNone());
}

// The containerizer chains isolators without an actor in between. Their code must not run on Java's threads.
void answers_go_on_in_a_thread_of_their_own(Isolator *isolator) {
  std::atomic<int> on_own_thread(0);
  std::vector<Launched> launched;
  for (int i = 0; i < 8; i++) {
    // Late enough that it is not answered before onAny, which would call back in this thread.
    const std::string delay = std::to_string(300 + 20 * i);
    launched.push_back(isolator->prepare(id_of("thread" + std::to_string(i)), asking_for("wait", {{"for", delay}})));
    launched.back().onAny([&on_own_thread](const Launched &) {
      char name[16] = "";
      pthread_getname_np(pthread_self(), name, sizeof name);
      sigset_t masked;
      pthread_sigmask(SIG_SETMASK, nullptr, &masked);
      if (std::string(name) == "dvdi-answers" && sigismember(&masked, SIGUSR1) == 1)
        ++on_own_thread;
    });
  }
  for (const Launched &one : launched)
    CHECK(result(one).isNone());
  for (int i = 0; i < 1000 && on_own_thread < 8; i++)
    usleep(1000);
  CHECK(on_own_thread == 8);
}

void calls_from_many_threads_get_their_own_answers(Isolator *isolator) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; t++) {
    threads.emplace_back([isolator, t]() {
      for (int i = 0; i < 25; i++) {
        const std::string name = "t" + std::to_string(t) + "i" + std::to_string(i);
        ContainerConfig config = asking_for("bind", {{"source", "/source/" + name}});
        config.set_directory(here() + "/many/" + name);
        const Option<ContainerLaunchInfo> info = result(isolator->prepare(id_of(name), config));
        CHECK(info.get().environment().variables()[0].value() == config.directory() + "/a/b");
        CHECK(info.get().pre_exec_commands()[0].arguments()[5] == "/source/" + name);
        result(isolator->cleanup(id_of(name)));
      }
    });
  }
  for (std::thread &thread : threads)
    thread.join();
}

void usage_is_told_as_disk_statistics(Isolator *isolator) {
  const mesos::ResourceStatistics statistics = result(isolator->usage(child_of(id_of("top"), "leaf")));
  check_says(journal(), "usage top.leaf\n");
  CHECK(statistics.disk_statistics().size() == 1);
  const mesos::DiskStatistics &disk = statistics.disk_statistics()[0];
  CHECK(disk.limit_bytes() == 1000 && disk.used_bytes() == 400);
  CHECK(disk.source().type() == mesos::Resource::DiskInfo::Source::MOUNT);
  CHECK(disk.source().mount().root() == "/mnt/data");
  CHECK(disk.source().id() == "data" && disk.source().vendor() == "local");
}

// The containerizer ends a container as soon as its watch ends in whatever way.
void a_watch_without_limitation_never_ends(Isolator *isolator) {
  process::Future<mesos::slave::ContainerLimitation> watch = isolator->watch(id_of("watched"));
  result(isolator->cleanup(id_of("watched")));
  CHECK(!watch.await(Duration{std::chrono::milliseconds(300)}));
}

}  // namespace

void check_answers(Isolator *isolator) {
  an_answer_may_come_before_its_call_returns(isolator);
  answers_go_on_in_a_thread_of_their_own(isolator);
  calls_from_many_threads_get_their_own_answers(isolator);
  usage_is_told_as_disk_statistics(isolator);
  a_watch_without_limitation_never_ends(isolator);
}
