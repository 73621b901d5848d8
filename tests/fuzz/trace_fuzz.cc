// Any bytes as the two files of a trace: either nodes and operations in the order of time, or one
// line that says what is wrong and where. The input is cut at the first zero byte; what is before
// it is the node list, what is behind it the pod list (plain or gzip).
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/workload/openb.h"

namespace {

void require(bool kept) {
  if (!kept) std::abort();
}

/// A file in memory with a path of its own.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(memfd_create("trace", 0)) {
    require(descriptor_ >= 0);
    require(write(descriptor_, data, size) == static_cast<ssize_t>(size));
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] std::string name() const { return std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint8_t* cut = std::find(data, data + size, std::uint8_t{0});
  const auto first = static_cast<std::size_t>(cut - data);
  const MemoryFile nodes(data, first);
  const std::size_t skip = std::min(size, first + 1);
  const MemoryFile pods(data + skip, size - skip);
  arcas::sim::TraceSpec spec;
  spec.kind = "openb";
  spec.nodes = nodes.name();
  spec.pods = pods.name();
  arcas::model::Catalog catalog;
  auto trace = arcas::sim::read_openb(spec, "/proc/self/fd", catalog);
  if (!trace) {
    require(!trace.error().message.empty());
    return 0;
  }
  arcas::TimePoint last;
  while (const auto operation = trace->operations()) {
    require(operation->at >= last);
    last = operation->at;
  }
  return 0;
}
