// SPDX-License-Identifier: Apache-2.0
// request.hpp - what a container asks for and what the isolator answers, apart from Mesos' messages and C's structs.
#ifndef DVDI_MESOS_REQUEST_HPP
#define DVDI_MESOS_REQUEST_HPP

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../dvdi.h"

namespace dvdi {

using Entries = std::vector<std::pair<std::string, std::string>>;

struct Volume {
  std::string driver;
  std::string name;
  std::string container_path;
  Entries options;
  bool read_only = false;
};

struct Request {
  bool debug = false;   // a second command in a container that runs, which has its volumes already
  bool docker = false;  // of the Docker containerizer's type
  // It has an image, and Mesos does not tell where that is.
  bool hidden_image = false;
  std::string sandbox;
  std::string rootfs;
  std::string user;
  Entries environment;
  std::vector<std::string> secrets;  // names of variables whose values are not known here
  std::vector<Volume> volumes;
};

// Why a container cannot have external volumes, and what to change; empty if it can.
std::string reason_against(const Request &request);

// No device: no mount.
struct Mount {
  std::string device;
  std::string root;
  std::string mountpoint;
};

struct Bind {
  std::string source;
  Mount mount;
  std::string target;
  bool read_only = false;
  bool suid = false;
};

struct Usage {
  std::string driver;
  std::string name;
  std::string mountpoint;
  uint64_t size = 0;
  uint64_t used = 0;
};

// A copy of a dvdi_answer, which is gone when dvdi_host.complete returns.
struct Answer {
  Answer() = default;
  explicit Answer(const dvdi_answer &from);

  bool failed = false;
  std::string failure;
  std::vector<Bind> binds;
  Entries environment;
  std::vector<Usage> usage;
  std::string limitation;
};

// C's view of a request. Points into what it was made of, which has to outlive it.
class Container {
 public:
  Container(const std::string &id, const Request &request, const std::string &rootfs_sandbox);
  Container(const Container &) = delete;
  Container &operator=(const Container &) = delete;

  const dvdi_container *view() const {
    return &container_;
  }

 private:
  std::vector<dvdi_entry> environment_;
  std::vector<std::vector<dvdi_entry>> options_;
  std::vector<dvdi_volume> volumes_;
  dvdi_container container_;
};

dvdi_string view(const std::string &text);
std::string copy(const dvdi_string &text);
std::vector<dvdi_entry> view(const Entries &entries);

// Quotes the arguments for sh(1).
std::string shell_command(const std::vector<std::string> &arguments);

}  // namespace dvdi

#endif  // DVDI_MESOS_REQUEST_HPP
