#include "core/scheduler/plugins/node_filters.h"

#include <array>

#include "core/model/node_selection.h"
#include "core/scheduler/plugins/allocation_scores.h"
#include "core/scheduler/plugins/node_runtime_ready.h"
#include "core/scheduler/plugins/taint_toleration.h"

namespace arcas::scheduler {
bool resolvable(Reason reason) {
  return reason == Reason::too_many_pods || reason == Reason::insufficient_resource ||
         reason == Reason::ports || reason == Reason::topology_spread;
}

std::string_view text(Reason reason) {
  switch (reason) {
    case Reason::fits:
      return "node(s) fit";
    case Reason::unknown_node:
      return "node(s) were not found";
    case Reason::node_unschedulable:
      return "node(s) were unschedulable";
    case Reason::node_name:
      return "node(s) didn't match the requested node name";
    case Reason::runtime_not_ready:
      return "node(s) had a runtime that is not ready";
    case Reason::taint:
      return "node(s) had untolerated taint";
    case Reason::node_affinity:
      return "node(s) didn't match Pod's node affinity/selector";
    case Reason::ports:
      return "node(s) didn't have free ports for the requested pod ports";
    case Reason::too_many_pods:
      return "Too many pods";
    case Reason::insufficient_resource:
      return "Insufficient";
    case Reason::topology_spread:
      return "node(s) didn't match pod topology spread constraints";
    case Reason::topology_label_missing:
      return "node(s) didn't match pod topology spread constraints (missing required label)";
  }
  return "";
}

Reason filter_static(const model::PodSpec& spec, NodeId target, const NodeTable::Row& row,
                     const model::Catalog& catalog) {
  if (!row.known) return Reason::unknown_node;
  const model::Node& node = row.object;
  if (node.unschedulable && !tolerates_everything(spec)) return Reason::node_unschedulable;
  if (target.valid() && target != node.id) return Reason::node_name;
  if (spec.node_name.valid() && spec.node_name != node.meta.name.base) return Reason::node_name;
  if (!runtime_ready(spec, node) && !tolerates_everything(spec)) return Reason::runtime_not_ready;
  if (row.zone_lost) return Reason::taint;
  if (first_untolerated(spec.tolerations, node.taints) != nullptr) return Reason::taint;
  if (!model::matches_node(spec, node, catalog)) return Reason::node_affinity;
  return Reason::fits;
}

Reason filter_resources(const Demand& demand, const NodeTable::Row& row, ResourceId* short_of) {
  const std::size_t pods = model::kPods.index;
  if (amount_of(row.used, model::kPods) + 1 > amount_of(row.allocatable, model::kPods)) {
    return Reason::too_many_pods;
  }
  for (std::size_t i = 0; i < demand.amounts.size(); ++i) {
    if (i == pods || demand.amounts[i] == 0) continue;
    const ResourceId kind{static_cast<std::uint32_t>(i)};
    if (demand.amounts[i] > amount_of(row.allocatable, kind) - amount_of(row.used, kind)) {
      if (short_of != nullptr) *short_of = kind;
      return Reason::insufficient_resource;
    }
  }
  return Reason::fits;
}

std::int64_t preferred_affinity(const model::PodSpec& spec, const NodeTable::Row& row,
                                const model::Catalog& catalog) {
  if (spec.node_affinity.preferred.empty()) return 0;
  return model::preferred_score(spec, row.object, catalog);
}

std::int64_t intolerable_taints(const model::PodSpec& spec, const NodeTable::Row& row) {
  return count_untolerated_soft(spec.tolerations, row.object.taints);
}

std::int64_t fit_score(FitStrategy strategy, const Demand& demand, const NodeTable::Row& row) {
  std::int64_t sum = 0;
  std::int64_t weights = 0;
  const auto add = [&](std::int64_t capacity, std::int64_t requested) {
    if (capacity == 0) return;
    ++weights;
    sum += strategy == FitStrategy::least_allocated ? least_allocated_score(requested, capacity)
                                                    : most_allocated_score(requested, capacity);
  };
  add(amount_of(row.allocatable, model::kCpu), row.scored_cpu + demand.scored_cpu);
  add(amount_of(row.allocatable, model::kMemory), row.scored_memory + demand.scored_memory);
  return weights == 0 ? 0 : sum / weights;
}

std::int64_t balanced_score(const Demand& demand, const NodeTable::Row& row) {
  std::array<double, 2> fractions{};
  std::size_t count = 0;
  for (const ResourceId kind : {model::kCpu, model::kMemory}) {
    const std::int64_t capacity = amount_of(row.allocatable, kind);
    if (capacity == 0) continue;
    const std::int64_t requested = amount_of(row.used, kind) + amount_of(demand.amounts, kind);
    fractions[count++] = used_fraction(requested, capacity);
  }
  return balance_score({fractions.data(), count});
}

}  // namespace arcas::scheduler
