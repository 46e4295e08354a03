// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

namespace dvdi {

dvdi_string view(const std::string &text) {
  return dvdi_string{text.data(), text.size()};
}

std::string copy(const dvdi_string &text) {
  return text.size > 0 ? std::string(text.data, text.size) : std::string();
}

std::vector<dvdi_entry> view(const Entries &entries) {
  std::vector<dvdi_entry> views;
  views.reserve(entries.size());
  for (const auto &entry : entries)
    views.push_back(dvdi_entry{view(entry.first), view(entry.second)});
  return views;
}

std::string reason_against(const Request &request) {
  if (request.docker)
    return "it is of type DOCKER, but this isolator serves only containers of type MESOS. Change the type.";
  if (request.hidden_image) {
    return "images with external volumes need Mesos 0.28, because older agents do not tell isolators where an image "
           "is. Run the task without an image, or upgrade the agent.";
  }
  return "";
}

Answer::Answer(const dvdi_answer &from)
    : failed(from.failed != 0), failure(copy(from.failure)), limitation(copy(from.limitation)) {
  for (size_t i = 0; i < from.binds_count; i++) {
    const dvdi_bind &bind = from.binds[i];
    binds.emplace_back();
    binds.back().source = copy(bind.source);
    binds.back().mount.device = copy(bind.mount.device);
    binds.back().mount.root = copy(bind.mount.root);
    binds.back().mount.mountpoint = copy(bind.mount.mountpoint);
    binds.back().target = copy(bind.target);
    binds.back().read_only = bind.read_only != 0;
    binds.back().suid = bind.suid != 0;
  }
  for (size_t i = 0; i < from.environment_count; i++)
    environment.emplace_back(copy(from.environment[i].name), copy(from.environment[i].value));
  for (size_t i = 0; i < from.usage_count; i++) {
    const dvdi_usage &one = from.usage[i];
    usage.emplace_back();
    usage.back().driver = copy(one.driver);
    usage.back().name = copy(one.name);
    usage.back().mountpoint = copy(one.mountpoint);
    usage.back().size = one.size;
    usage.back().used = one.used;
  }
}

Container::Container(const std::string &id, const Request &request, const std::string &rootfs_sandbox)
    : environment_(dvdi::view(request.environment)), container_() {
  for (const Volume &volume : request.volumes)
    options_.push_back(dvdi::view(volume.options));
  for (size_t i = 0; i < request.volumes.size(); i++) {
    const Volume &from = request.volumes[i];
    dvdi_volume volume = dvdi_volume();
    volume.driver = dvdi::view(from.driver);
    volume.name = dvdi::view(from.name);
    volume.container_path = dvdi::view(from.container_path);
    volume.options = options_[i].data();
    volume.options_count = options_[i].size();
    volume.read_only = from.read_only;
    volumes_.push_back(volume);
  }
  container_.id = dvdi::view(id);
  container_.sandbox = dvdi::view(request.sandbox);
  container_.rootfs = dvdi::view(request.rootfs);
  if (!request.rootfs.empty())
    container_.rootfs_sandbox = dvdi::view(rootfs_sandbox);
  container_.environment = environment_.data();
  container_.environment_count = environment_.size();
  container_.volumes = volumes_.data();
  container_.volumes_count = volumes_.size();
  container_.user = dvdi::view(request.user);
}

namespace {

// Bytes that are not ASCII are printed by the shell itself. Mesos 0.23 passes a command as JSON, and takes each such
// byte for a character of its own.
std::string printed(const std::string &bytes) {
  std::string command = "\"$(printf '";
  for (char c : bytes) {
    const unsigned value = static_cast<unsigned char>(c);
    command += '\\';
    for (int shift : {6, 3, 0})
      command += static_cast<char>('0' + ((value >> shift) & 7));
  }
  return command + "')\"";
}

std::string quoted(const std::string &argument) {
  std::string word = "'";
  for (size_t i = 0; i < argument.size(); i++) {
    size_t end = i;
    while (end < argument.size() && static_cast<signed char>(argument[end]) < 0)
      end++;
    if (end > i) {
      word += "'" + printed(argument.substr(i, end - i)) + "'";
      i = end - 1;
    } else if (argument[i] == '\'') {
      // Nothing is special inside single quotes but their end (sh(1)).
      word += "'\\''";
    } else {
      word += argument[i];
    }
  }
  return word + "'";
}

}  // namespace

std::string shell_command(const std::vector<std::string> &arguments) {
  std::string command;
  for (const std::string &argument : arguments)
    command += (command.empty() ? "" : " ") + quoted(argument);
  return command;
}

}  // namespace dvdi
