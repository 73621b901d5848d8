#include "core/scheduler/node_table.h"

namespace arcas::scheduler {
namespace {

// What a container without a request counts for in scores (pkg/scheduler/util/pod_resources.go).
constexpr std::int64_t kDefaultCpu = 100;                   // milli-cpu
constexpr std::int64_t kDefaultMemory = 200 * 1024 * 1024;  // bytes

}  // namespace

Demand demand_of(const model::PodSpec& spec, PodLevelResources pod_level) {
  const bool counted = pod_level == PodLevelResources::counted;
  const model::ResourceList requests = model::effective_requests(spec, {}, counted);
  model::ResourceList missing;
  missing.set(model::kCpu, kDefaultCpu);
  missing.set(model::kMemory, kDefaultMemory);
  const model::ResourceList scored = model::effective_requests(spec, missing, counted);

  Demand demand;
  demand.amounts.resize(model::kPods.index + 1, 0);
  for (const auto& item : requests.items()) {
    if (item.kind.index >= demand.amounts.size()) demand.amounts.resize(item.kind.index + 1, 0);
    demand.amounts[item.kind.index] = item.amount;
  }
  demand.amounts[model::kPods.index] = 1;
  demand.scored_cpu = scored.get(model::kCpu);
  demand.scored_memory = scored.get(model::kMemory);
  return demand;
}

}  // namespace arcas::scheduler
