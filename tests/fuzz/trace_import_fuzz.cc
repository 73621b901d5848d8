// Any bytes as the files of a trace of any kind: either lists that can be replayed, or one line
// that says what is wrong. The first byte chooses the kind; zero bytes part the files.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sim/trace/trace_import.h"
#include "sim/workload/openb.h"
#include "tests/support/memory_file.h"

namespace {

void require(bool kept) {
  if (!kept) std::abort();
}

/// A folder of this process, gone when it ends.
const std::string& folder() {
  static const struct Folder {
    std::string path =
        (std::filesystem::temp_directory_path() / "arcas-import-fuzz-XXXXXX").string();
    Folder() { require(mkdtemp(path.data()) != nullptr); }
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  } kept;
  return kept.path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto kinds = arcas::sim::import_kinds();
  const auto& kind = kinds[data[0] % kinds.size()];
  std::vector<std::string> texts(1);
  for (std::size_t i = 1; i < size; ++i) {
    if (data[i] == 0 && texts.size() < kind.most_files) {
      texts.emplace_back();
    } else {
      texts.back() += static_cast<char>(data[i]);
    }
  }
  texts.resize(std::max(texts.size(), kind.least_files));
  arcas::sim::ImportRequest request;
  request.kind = kind.name;
  request.folder = folder();
  request.force = true;
  request.machines = {2, 1'000'000, 1024, 1};
  std::vector<std::unique_ptr<arcas::sim::MemoryFile>> open;
  for (const std::string& text : texts) {
    open.push_back(std::make_unique<arcas::sim::MemoryFile>(text.data(), text.size()));
    request.files.push_back(std::string(arcas::sim::MemoryFile::kFolder) + "/" +
                            open.back()->name());
  }
  const auto report = arcas::sim::import_trace(request);
  if (!report) {
    require(!report.error().message.empty());
    return 0;
  }
  require(report->pods > 0 && report->nodes > 0);
  arcas::sim::TraceSpec spec;
  spec.kind = "openb";
  spec.nodes = "nodes.csv";
  spec.pods = "pods.csv";
  arcas::model::Catalog catalog;
  const auto trace = arcas::sim::read_openb(spec, folder(), catalog);
  require(static_cast<bool>(trace));
  require(trace->pods == report->pods);
  return 0;
}
