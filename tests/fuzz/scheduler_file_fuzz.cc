// Any bytes as a scheduler's configuration: either a profile that can run, or one line that says
// what is wrong. Never a crash.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/scenario/scheduler_file.h"

namespace {

void require(bool kept) {
  if (!kept) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  arcas::model::Catalog catalog;
  const auto profile = arcas::sim::parse_scheduler_file(text, "fuzz.yaml", true, catalog);
  if (!profile) {
    require(!profile.error().message.empty() && profile.error().message.size() < 16'384);
    require(profile.error().message.find('\n') == std::string::npos);
    return 0;
  }
  require(profile->percentage_of_nodes_to_score >= 0 &&
          profile->percentage_of_nodes_to_score <= 100);
  require(profile->filters_with(arcas::scheduler::PluginId::node_runtime_ready));
  for (const auto& score : profile->scores) require(score.weight >= 1);
  return 0;
}
