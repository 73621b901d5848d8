#include "sim/placement/bound.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "core/scheduler/policies/fluid_packing.h"
#include "sim/placement/arrivals.h"

namespace arcas::sim {
namespace {

/// Kinds of pods with devices, and how often the trace has them.
std::vector<policies::FluidSupply> count_kinds(const PlacementTrace& trace) {
  using Key = std::tuple<std::int64_t, std::int64_t, std::int32_t, std::int32_t, std::uint64_t>;
  std::map<Key, policies::FluidSupply> kinds;
  for (const PlacementTrace::Pod& pod : trace.pods) {
    const policies::PodView& view = pod.view;
    if (view.devices == 0) continue;
    const Key key{view.cpu_milli, view.memory_mib, view.devices, view.device_milli, view.models};
    kinds.try_emplace(key, policies::FluidSupply{view, 0}).first->second.count += 1;
  }
  std::vector<policies::FluidSupply> out;
  for (const auto& [key, kind] : kinds) out.push_back(kind);
  return out;
}

}  // namespace

AllocationBound bound_allocation(const PlacementTrace& trace) {
  const std::vector<policies::FluidSupply> kinds = count_kinds(trace);
  const std::vector<policies::NodeShape> shapes = node_shapes(trace);
  const auto capacity = static_cast<double>(trace.device_capacity());
  double asked = 0;
  for (const PlacementTrace::Pod& pod : trace.pods) {
    asked += static_cast<double>(pod.view.total_milli());
  }
  const auto bound = [&](double percent) {
    std::vector<policies::FluidSupply> supply = kinds;
    for (policies::FluidSupply& kind : supply) kind.count *= percent / 100 * capacity / asked;
    const auto packing =
        policies::solve_fluid_packing(supply, shapes, policies::FluidLimits::devices_cpu_memory);
    const double devices = capacity / policies::kWholeDevice;
    return std::min(100.0, 100 * packing.allocated / devices);
  };
  return {bound(100.5), bound(130)};
}

}  // namespace arcas::sim
