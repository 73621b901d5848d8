#include "core/scheduler/plugins/node_filters.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/model/node_selection.h"

namespace arcas::scheduler {
namespace {

std::int64_t column(const Amounts& columns, ResourceId kind) {
  return kind.index < columns.size() ? columns[kind.index] : 0;
}

bool tolerated(const model::PodSpec& spec, const model::Taint& taint) {
  return model::find_toleration(spec.tolerations, taint) != nullptr;
}

/// Arktos: a toleration of every NoSchedule taint also bypasses the runtime filter.
bool tolerates_everything(const model::PodSpec& spec) {
  return std::any_of(spec.tolerations.begin(), spec.tolerations.end(),
                     [](const model::Toleration& t) {
                       return !t.key.valid() && t.op == model::Toleration::Operator::exists &&
                              (t.any_effect || t.effect == model::TaintEffect::no_schedule);
                     });
}

}  // namespace

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
  const auto runtime = spec.workload == model::WorkloadType::vm ? node.vm_runtime_ready
                                                                : node.container_runtime_ready;
  if (runtime != model::ConditionStatus::yes && !tolerates_everything(spec)) {
    return Reason::runtime_not_ready;
  }
  if (row.zone_lost) return Reason::taint;
  for (const model::Taint& taint : node.taints) {
    if (taint.effect == model::TaintEffect::prefer_no_schedule) continue;
    if (!tolerated(spec, taint)) return Reason::taint;
  }
  if (!model::matches_node(spec, node, catalog)) return Reason::node_affinity;
  return Reason::fits;
}

Reason filter_resources(const Demand& demand, const NodeTable::Row& row, ResourceId* short_of) {
  const std::size_t pods = model::kPods.index;
  if (column(row.used, model::kPods) + 1 > column(row.allocatable, model::kPods)) {
    return Reason::too_many_pods;
  }
  for (std::size_t i = 0; i < demand.amounts.size(); ++i) {
    if (i == pods || demand.amounts[i] == 0) continue;
    const ResourceId kind{static_cast<std::uint32_t>(i)};
    if (demand.amounts[i] > column(row.allocatable, kind) - column(row.used, kind)) {
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
  std::int64_t count = 0;
  for (const model::Taint& taint : row.object.taints) {
    if (taint.effect != model::TaintEffect::prefer_no_schedule) continue;
    if (!tolerated(spec, taint)) ++count;
  }
  return count;
}

std::int64_t fit_score(FitStrategy strategy, const Demand& demand, const NodeTable::Row& row) {
  std::int64_t sum = 0;
  std::int64_t weights = 0;
  const auto add = [&](std::int64_t capacity, std::int64_t requested) {
    if (capacity == 0) return;
    ++weights;
    if (strategy == FitStrategy::least_allocated) {
      if (requested <= capacity) sum += (capacity - requested) * 100 / capacity;
    } else {
      sum += std::min(requested, capacity) * 100 / capacity;
    }
  };
  add(column(row.allocatable, model::kCpu), row.scored_cpu + demand.scored_cpu);
  add(column(row.allocatable, model::kMemory), row.scored_memory + demand.scored_memory);
  return weights == 0 ? 0 : sum / weights;
}

std::int64_t balanced_score(const Demand& demand, const NodeTable::Row& row) {
  std::array<double, 2> fractions{};
  std::size_t count = 0;
  for (const ResourceId kind : {model::kCpu, model::kMemory}) {
    const std::int64_t capacity = column(row.allocatable, kind);
    if (capacity == 0) continue;
    const std::int64_t requested = column(row.used, kind) + column(demand.amounts, kind);
    fractions[count++] =
        std::min(static_cast<double>(requested) / static_cast<double>(capacity), 1.0);
  }
  const double deviation = count == 2 ? std::fabs((fractions[0] - fractions[1]) / 2) : 0;
  return static_cast<std::int64_t>((1 - deviation) * 100);
}

}  // namespace arcas::scheduler
