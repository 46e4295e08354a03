// SPDX-License-Identifier: Apache-2.0
#include "build.hpp"

#include <dirent.h>
#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include <algorithm>
#include <new>
#include <vector>

#include "library.hpp"
#include "versions.hpp"

namespace dvdi {
namespace {

const char name_start[] = "libmesos_dvdi_isolator-";
const char name_end[] = ".so";

std::string different_size(const std::string &name, size_t theirs, size_t ours) {
  return name + " has " + std::to_string(theirs) + " bytes in the agent, and " + std::to_string(ours) +
         " in this library";
}

// Each message that this library reads or makes.
std::string different_message() {
  std::string difference;
  visit_messages([&difference](const char *name, size_t ours, const google::protobuf::Message &prototype) {
    const size_t theirs = size_in_agent(prototype);
    if (theirs != ours && difference.empty())
      difference = different_size(name, theirs, ours);
  });
  return difference;
}

// Returns how many bytes at `memory` the agent's constructor of ProcessBase writes, when they were all `before`.
size_t written_by_constructor(unsigned char *memory, size_t size, unsigned char before) {
  memset(memory, before, size);
  process::ProcessBase *made = new (memory) process::ProcessBase("dvdi-build");
  __asm__ volatile("" : : "r"(memory) : "memory");  // what it wrote is read as bytes
  size_t written = size;
  while (written > 0 && memory[written - 1] == before)
    written--;
  // Not a virtual call: its place in the table may differ, too.
  made->process::ProcessBase::~ProcessBase();
  return written;
}

// The actor, ProcessBase, which has libprocess' most important types as members, PIDs among them. How large it is, the
// agent does not tell; its constructor shows it. The last member is an address, some of whose bytes are left alone.
std::string different_actor() {
  const size_t ours = sizeof(process::ProcessBase);
  const size_t left_alone = 32;
  alignas(64) static unsigned char memory[64 * 1024];
  static_assert(ours * 8 < sizeof memory, "it would not show a larger one");
  const size_t theirs = std::max(written_by_constructor(memory, sizeof memory, 0x5a),
                                 written_by_constructor(memory, sizeof memory, 0xa5));
  if (theirs <= ours && theirs + left_alone > ours)
    return "";
  return "process::ProcessBase has about " + std::to_string(theirs) + " bytes in the agent, and " +
         std::to_string(ours) + " in this library";
}

// The size of an object of the agent's libraries, by its symbol. 0 if it is not exported.
size_t exported_size(const char *symbol) {
  void *found = dlsym(RTLD_DEFAULT, symbol);
  Dl_info library;
  const ElfW(Sym) *entry = nullptr;
  if (found == nullptr ||
      dladdr1(found, &library, const_cast<void **>(reinterpret_cast<const void **>(&entry)), RTLD_DL_SYMENT) == 0 ||
      entry == nullptr || library.dli_saddr != found) {
    return 0;
  }
  return entry->st_size;
}

// The methods of an isolator, which the agent calls by their places in a table. One that is added moves the others.
std::string different_isolator() {
  for (const char *symbol : {"_ZTVN5mesos5slave8IsolatorE", "_ZTVN5mesos8internal5slave13MesosIsolatorE"}) {
    const size_t theirs = exported_size(symbol);
    if (theirs != 0 && isolator_table_size() != 0 && theirs != isolator_table_size())
      return different_size("the table of the methods of mesos::slave::Isolator", theirs, isolator_table_size());
  }
  return "";
}

std::string find_misfit() {
  std::string difference = different_isolator();
  if (difference.empty())
    difference = different_actor();
  if (difference.empty())
    difference = different_message();
  return difference;
}

std::string base_name(const std::string &path) {
  return path.substr(path.rfind('/') + 1);
}

// The build that a library is for, which its name has: 1.11.0-clusterd-0.9.0.
std::string build_of(const std::string &name) {
  const size_t start = sizeof name_start - 1;
  return name.substr(start, name.size() - start - (sizeof name_end - 1));
}

// Whether a file name is that of a library for a build with this version number.
bool is_candidate(const std::string &name) {
  const std::string start = std::string(name_start) + MESOS_VERSION;
  const std::string end = name_end;
  return name.size() >= start.size() + end.size() && name.compare(0, start.size(), start) == 0 &&
         name.compare(name.size() - end.size(), end.size(), end) == 0 &&
         (name[start.size()] == '-' || name[start.size()] == '.');
}

bool fits(const std::string &path) {
  // The agent looks for undefined symbols at once, too. A library stays loaded; the agent is about to exit.
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return false;
  auto misfit = reinterpret_cast<const char *(*)()>(dlsym(library, "dvdi_misfit"));
  return misfit != nullptr && *misfit() == '\0';
}

// The name of the newest library in the folder of this one that fits. Empty if there is none.
std::string find_fitting(const std::string &folder, const std::string &own_name) {
  std::vector<std::string> names;
  DIR *entries = opendir(folder.c_str());
  if (entries == nullptr)
    return "";
  while (const struct dirent *entry = readdir(entries)) {
    if (entry->d_name != own_name && is_candidate(entry->d_name))
      names.push_back(entry->d_name);
  }
  closedir(entries);
  std::sort(names.begin(), names.end(),
            [](const std::string &a, const std::string &b) { return strverscmp(a.c_str(), b.c_str()) > 0; });
  for (const std::string &name : names) {
    if (fits(folder + "/" + name))
      return name;
  }
  return "";
}

}  // namespace

bool fits_agent(std::string *error) {
  const std::string difference = dvdi_misfit();
  if (difference.empty())
    return true;
  const std::string path = library_path();
  const std::string folder = path.substr(0, path.rfind('/'));
  const std::string fitting = find_fitting(folder, base_name(path));
  *error = "the library " + path + " is for Mesos " DVDI_MESOS_BUILD ", and this agent is ";
  if (!fitting.empty()) {
    *error += "Mesos " + build_of(fitting) + ": " + difference + ". In the agent's modules file, name " + folder + "/" +
              fitting + " instead.";
  } else {
    *error += "another build of Mesos " MESOS_VERSION ": " + difference + ". No library in " + folder +
              " is for it. Build one from the agent's own source or headers with bin/package --mesos.";
  }
  return false;
}

}  // namespace dvdi

const char *dvdi_misfit() {
  static const std::string difference = dvdi::find_misfit();
  return difference.c_str();
}
