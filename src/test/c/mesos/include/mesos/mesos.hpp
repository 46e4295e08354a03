// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_MESOS_MESOS_HPP
#define STAND_IN_MESOS_MESOS_HPP

#include <google/protobuf/message.h>
#include <sched.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "field.hpp"

namespace mesos {

template <typename T>
class Message : public google::protobuf::Message {
 public:
  static const T &default_instance() {
    static const T &only = *new T();
    return only;
  }
};

class Parameter : public Message<Parameter> {
  FIELD(std::string, key)
  FIELD(std::string, value)
};

class Parameters : public Message<Parameters> {
  REPEATED(Parameter, parameter)
};

class ContainerID : public Message<ContainerID> {
 public:
  bool has_parent() const {
    return parent_ != nullptr;
  }
  const ContainerID &parent() const {
    return *parent_;
  }
  void set_parent(const ContainerID &parent) {
    parent_ = std::make_shared<ContainerID>(parent);
  }
  bool operator==(const ContainerID &other) const {
    return value() == other.value();
  }

 private:
  std::shared_ptr<ContainerID> parent_;
  FIELD(std::string, value)
};

class Environment : public Message<Environment> {
 public:
  class Variable : public Message<Variable> {
   public:
    enum Type { UNKNOWN = 0, VALUE = 1, SECRET = 2 };
    Type type() const {
      return type_;
    }
    void set_type(Type type) {
      type_ = type;
    }

   private:
    Type type_ = VALUE;
    FIELD(std::string, name)
    FIELD(std::string, value)
  };
  REPEATED(Variable, variables)
};

class CommandInfo : public Message<CommandInfo> {
  FIELD(Environment, environment)
  FIELD(bool, shell)
  FIELD(std::string, value)
  REPEATED(std::string, arguments)
};

class Volume : public Message<Volume> {
 public:
  enum Mode { RW = 1, RO = 2 };
  class Source : public Message<Source> {
   public:
    enum Type { UNKNOWN = 0, DOCKER_VOLUME = 1, HOST_PATH = 2 };
    class DockerVolume : public Message<DockerVolume> {
      FIELD(std::string, driver)
      FIELD(std::string, name)
      FIELD(Parameters, driver_options)
    };
    FIELD(Type, type)
    FIELD(DockerVolume, docker_volume)
  };
  FIELD(Mode, mode)
  FIELD(std::string, container_path)
  FIELD(Source, source)
};

class ContainerInfo : public Message<ContainerInfo> {
 public:
  enum Type { DOCKER = 1, MESOS = 2 };
  FIELD(Type, type)
  REPEATED(Volume, volumes)
};

class ExecutorInfo : public Message<ExecutorInfo> {
  FIELD(CommandInfo, command)
  FIELD(ContainerInfo, container)
};

class Resource {
 public:
  class DiskInfo {
   public:
    class Source : public Message<Source> {
     public:
      enum Type { UNKNOWN = 0, PATH = 1, MOUNT = 2 };
      class Mount : public Message<Mount> {
        FIELD(std::string, root)
      };
      FIELD(Type, type)
      FIELD(Mount, mount)
      FIELD(std::string, id)
      FIELD(std::string, vendor)
    };
  };
};

class DiskStatistics : public Message<DiskStatistics> {
  FIELD(Resource::DiskInfo::Source, source)
  FIELD(uint64_t, limit_bytes)
  FIELD(uint64_t, used_bytes)
};

class ResourceStatistics : public Message<ResourceStatistics> {
  REPEATED(DiskStatistics, disk_statistics)
#ifdef OTHER_MESSAGE
  FIELD(uint64_t, net_rx_burst_size)
#endif
};

class TaskStatus {
 public:
  enum Reason { REASON_CONTAINER_LIMITATION = 19 };
};

}  // namespace mesos

namespace std {

template <>
struct hash<mesos::ContainerID> {
  size_t operator()(const mesos::ContainerID &id) const {
    return hash<string>()(id.value());
  }
};

}  // namespace std

#endif
