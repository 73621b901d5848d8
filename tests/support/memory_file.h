#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string>

namespace arcas::sim {

/// A file in memory with a path of its own, for readers that want one. Ends the process when there
/// is none to be had.
class MemoryFile {
 public:
  MemoryFile(const void* bytes, std::size_t size) : descriptor_(memfd_create("input", 0)) {
    if (descriptor_ < 0 || write(descriptor_, bytes, size) != static_cast<ssize_t>(size)) {
      std::abort();
    }
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  static constexpr const char* kFolder = "/proc/self/fd";
  /// In kFolder.
  [[nodiscard]] std::string name() const { return std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace arcas::sim
