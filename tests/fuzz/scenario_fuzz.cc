// Any bytes as a scenario file: either a scenario whose parts fit each other, or one line that says
// what is wrong and where. Nothing else, and never a crash.
//
// The first line of the input may be "--set path=value"; it is given as an override then.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/scenario/scenario.h"

namespace {

/// Ends the process when a promise is broken; the fuzzer saves the input.
void require(bool kept) {
  if (!kept) std::abort();
}

void require_sound(const arcas::sim::Scenario& s) {
  require(!s.name.empty() && !s.zones.empty() && s.zones.size() <= 16);
  require(s.node_count() >= 0 && s.node_count() <= 2'000'000);
  require(s.limit.ns > 0 && s.sample_every.ns > 0);
  require(s.workload.mean >= s.workload.smallest && s.workload.mean <= s.workload.largest);
  for (const auto& fault : s.faults) {
    require((fault.at.ns >= 0) != (fault.after_settled.ns >= 0));
    require(fault.down_min <= fault.down_max);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  arcas::sim::LoadOptions options;
  const std::string prefix = "--set ";
  if (text.rfind(prefix, 0) == 0) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    options.overrides.push_back(text.substr(prefix.size(), end - prefix.size()));
    text.erase(0, std::min(end + 1, text.size()));
  }
  // A name in a folder that does not exist: `extends` leads nowhere.
  const auto scenario = arcas::sim::parse_scenario(text, "/nonexistent/arcas/fuzz.yaml", options);
  if (scenario) {
    require_sound(*scenario);
  } else {
    require(!scenario.error().message.empty());
    require(scenario.error().message.size() < 16'384);
  }
  return 0;
}
