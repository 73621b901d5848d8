#include "core/scheduler/what_if.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/scheduler/selection.h"

namespace arcas::scheduler {

WhatIf::Takers WhatIf::with(model::PodSpec spec) const {
  return with(cycle_.cluster.catalog().intern_spec(std::move(spec)));
}

WhatIf::Takers WhatIf::with(SpecId spec) const {
  PodEntry changed = cycle_.pod;
  changed.spec = spec;
  const Cycle cycle{cycle_.cluster, cycle_.profile, changed, cycle_.uid};
  if (!Evaluation(cycle).pre_enqueue().ok()) return {};
  const std::vector<NodeId> nodes = feasible_by_scan(cycle, &nominations_);
  if (nodes.empty()) return {};
  return {static_cast<std::uint32_t>(nodes.size()), nodes.front()};
}

bool WhatIf::on(const model::Node& node) const {
  Cluster& cluster = cycle_.cluster;
  const bool was_known = cluster.nodes().known(node.id);
  const model::Node before = was_known ? cluster.nodes()[node.id].object : model::Node{};
  cluster.upsert_node(node);
  const std::vector<NodeId> nodes = feasible_by_scan(cycle_, &nominations_, node.id);
  if (was_known) {
    cluster.upsert_node(before);
  } else {
    cluster.remove_node(node.id);
  }
  cluster.refresh();
  return !nodes.empty();
}

}  // namespace arcas::scheduler
