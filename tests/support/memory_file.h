#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace arcas::sim {

/// A temporary file with a path of its own and no name, for readers that want a path. Ends the
/// process when there is none to be had.
class MemoryFile {
 public:
  MemoryFile(const void* bytes, std::size_t size) : file_(std::tmpfile()) {
    if (file_ == nullptr || std::fwrite(bytes, 1, size, file_) != size || std::fflush(file_) != 0) {
      std::abort();
    }
  }
  ~MemoryFile() { std::fclose(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  static constexpr const char* kFolder = "/proc/self/fd";
  /// In kFolder.
  [[nodiscard]] std::string name() const { return std::to_string(fileno(file_)); }

 private:
  std::FILE* file_;
};

}  // namespace arcas::sim
