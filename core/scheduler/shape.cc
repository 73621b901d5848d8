#include "core/scheduler/shape.h"

#include "core/base/hash.h"

namespace arcas::scheduler {

bool ShapeTable::same(const model::PodSpec& a, const model::PodSpec& b) const {
  if (a.workload != b.workload || a.requests != b.requests || a.node_selector != b.node_selector ||
      a.node_affinity != b.node_affinity || a.tolerations != b.tolerations ||
      a.node_name != b.node_name || a.host_ports != b.host_ports) {
    return false;
  }
  const Demand da = demand_of(a, pod_level_);
  const Demand db = demand_of(b, pod_level_);
  return da.amounts == db.amounts && da.scored_cpu == db.scored_cpu &&
         da.scored_memory == db.scored_memory;
}

ShapeId ShapeTable::of(SpecId spec) {
  if (spec.index >= of_spec_.size()) of_spec_.resize(catalog_.spec_count());
  ShapeId& known = of_spec_[spec.index];
  if (known.valid()) return known;
  const model::PodSpec& value = catalog_.spec(spec);
  std::uint64_t hash = hash_combine(hash_value(value.requests), value.node_name.index);
  hash = hash_combine(hash, static_cast<std::uint64_t>(value.workload));
  for (const auto& [key, text] : value.node_selector) {
    hash = hash_combine(hash, (std::uint64_t{key.index} << 32U) | text.index);
  }
  auto& candidates = by_hash_[hash];
  for (const ShapeId id : candidates) {
    if (same(catalog_.spec(shapes_[id.index].representative), value)) return known = id;
  }
  known = ShapeId{static_cast<std::uint32_t>(shapes_.size())};
  shapes_.push_back({spec, demand_of(value, pod_level_)});
  candidates.push_back(known);
  return known;
}

}  // namespace arcas::scheduler
