#include "core/scheduler/plugins/scored_requests.h"

#include "core/scheduler/plugins/allocation_scores.h"

namespace arcas::scheduler {

std::vector<ScoredRequest> scored_requests(const std::vector<ScoredResource>& resources,
                                           const Demand& demand, RequestBasis basis) {
  std::vector<ScoredRequest> result;
  for (const ScoredResource& resource : resources) {
    std::int64_t request = amount_of(demand.amounts, resource.kind);
    if (basis == RequestBasis::non_zero && resource.kind == model::kCpu) {
      request = demand.scored_cpu;
    } else if (basis == RequestBasis::non_zero && resource.kind == model::kMemory) {
      request = demand.scored_memory;
    }
    const bool is_scalar = resource.kind.index > model::kPods.index;
    if (resource.kind == model::kPods || (is_scalar && request == 0)) continue;
    result.push_back({resource.kind, resource.weight, request});
  }
  return result;
}

std::int64_t used_amount(const NodeTable::Row& row, ResourceId kind, RequestBasis basis) {
  if (basis == RequestBasis::non_zero && kind == model::kCpu) return row.scored_cpu;
  if (basis == RequestBasis::non_zero && kind == model::kMemory) return row.scored_memory;
  return amount_of(row.used, kind);
}

}  // namespace arcas::scheduler
