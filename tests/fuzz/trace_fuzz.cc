// Any bytes as the two files of a trace: either nodes and operations in the order of time, or one
// line that says what is wrong and where. The input is cut at the first zero byte; what is before
// it is the node list, what is behind it the pod list (plain or gzip).
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/workload/openb.h"
#include "tests/support/memory_file.h"

namespace {

void require(bool kept) {
  if (!kept) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint8_t* cut = std::find(data, data + size, std::uint8_t{0});
  const auto first = static_cast<std::size_t>(cut - data);
  const arcas::sim::MemoryFile nodes(data, first);
  const std::size_t skip = std::min(size, first + 1);
  const arcas::sim::MemoryFile pods(data + skip, size - skip);
  arcas::sim::TraceSpec spec;
  spec.kind = "openb";
  spec.nodes = nodes.name();
  spec.pods = pods.name();
  arcas::model::Catalog catalog;
  auto trace = arcas::sim::read_openb(spec, arcas::sim::MemoryFile::kFolder, catalog);
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
