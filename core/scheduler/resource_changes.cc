#include "core/scheduler/resource_changes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace arcas::scheduler {
namespace {

struct Cut {
  ResourceId kind;
  std::int64_t amount = 0;
};

/// What a node is short of, by kind.
std::vector<Cut> shortfall(const Cluster& cluster, const Demand& demand, NodeId node) {
  const NodeTable::Row& row = cluster.nodes()[node];
  const auto at = [](const Amounts& columns, std::size_t i) {
    return i < columns.size() ? columns[i] : 0;
  };
  std::vector<Cut> cuts;
  for (std::size_t i = 0; i < demand.amounts.size(); ++i) {
    const std::int64_t lacking = at(row.used, i) + demand.amounts[i] - at(row.allocatable, i);
    if (demand.amounts[i] == 0 || lacking <= 0) continue;
    cuts.push_back({ResourceId{static_cast<std::uint32_t>(i)}, lacking});
  }
  return cuts;
}

class Resources {
 public:
  Resources(const WhatIf& what_if, std::vector<SingleChange>& changes)
      : what_if_(what_if),
        changes_(changes),
        level_(what_if.cycle().profile.pod_level_resources ? PodLevelResources::counted
                                                           : PodLevelResources::ignored),
        demand_(demand_of(what_if.cycle().spec(), level_)) {}

  void find(std::span<const NodeRefusal> refusals) {
    std::map<ResourceId, std::vector<std::int64_t>> alone;
    std::optional<std::vector<Cut>> together;
    for (const NodeRefusal& refusal : refusals) {
      if (refusal.status.plugin != PluginId::node_resources_fit) continue;
      std::vector<Cut> cuts = shortfall(what_if_.cycle().cluster, demand_, refusal.node);
      if (!possible(cuts)) continue;
      if (cuts.size() == 1) alone[cuts.front().kind].push_back(cuts.front().amount);
      if (cuts.size() > 1 && (!together || size_of(cuts) < size_of(*together))) {
        together = std::move(cuts);
      }
    }
    bool any = false;
    for (auto& [kind, amounts] : alone) any = least(kind, amounts) || any;
    if (!any && together) offer(*together);
  }

 private:
  /// A pod cannot ask for less than nothing, nor for less than one place among a node's pods.
  [[nodiscard]] bool possible(const std::vector<Cut>& cuts) const {
    return !cuts.empty() && std::all_of(cuts.begin(), cuts.end(), [this](const Cut& cut) {
      return cut.kind != model::kPods && cut.amount <= demand_.amounts[cut.kind.index];
    });
  }

  /// In thousandths of what is asked for, summed.
  [[nodiscard]] std::int64_t size_of(const std::vector<Cut>& cuts) const {
    std::int64_t size = 0;
    for (const Cut& cut : cuts) {
      size += static_cast<std::int64_t>(static_cast<__int128>(cut.amount) * 1000 /
                                        demand_.amounts[cut.kind.index]);
    }
    return size;
  }

  /// More of a cut never hurts, so the least that will do is found by halving.
  bool least(ResourceId kind, std::vector<std::int64_t>& amounts) {
    std::sort(amounts.begin(), amounts.end());
    amounts.erase(std::unique(amounts.begin(), amounts.end()), amounts.end());
    const auto at = std::partition_point(amounts.begin(), amounts.end(), [&](std::int64_t amount) {
      const auto spec = lowered({{kind, amount}});
      return !spec || !what_if_.with(*spec).any();
    });
    return at != amounts.end() && offer({{kind, *at}});
  }

  bool offer(const std::vector<Cut>& cuts) {
    const auto spec = lowered(cuts);
    if (!spec) return false;
    SingleChange change;
    change.kind = SingleChange::Kind::resources;
    change.spec = what_if_.cycle().cluster.catalog().intern_spec(*spec);
    change.nodes = what_if_.with(change.spec).nodes;
    if (change.nodes == 0) return false;
    for (const Cut& cut : cuts) {
      change.text += change.text.empty() ? "with " : " and ";
      change.text += quantity_text(cut.kind, cut.amount) + " less " +
                     what_if_.cycle().cluster.catalog().resources.text(cut.kind);
    }
    changes_.push_back(std::move(change));
    return true;
  }

  /// The pod with smaller requests; none where its overhead alone asks for too much.
  [[nodiscard]] std::optional<model::PodSpec> lowered(const std::vector<Cut>& cuts) const {
    model::PodSpec spec = what_if_.cycle().spec();
    for (const Cut& cut : cuts) {
      if (!lower(spec, cut.kind, demand_.amounts[cut.kind.index] - cut.amount)) return std::nullopt;
    }
    return spec;
  }

  bool lower(model::PodSpec& spec, ResourceId kind, std::int64_t target) const {
    const auto excess = [&] { return demand_of(spec, level_).amounts[kind.index] - target; };
    const auto cut = [&](model::ResourceList& requests) {
      const std::int64_t has = requests.get(kind);
      const std::int64_t over = excess();
      if (over > 0 && has > 0) requests.set(kind, has - std::min(has, over));
    };
    if (level_ == PodLevelResources::counted && spec.has_pod_requests) cut(spec.pod_requests);
    if (spec.workload == model::WorkloadType::vm) cut(spec.vm.requests);
    for (const bool init : {false, true}) {
      for (model::Container& container : spec.containers) {
        if (container.init == init) cut(container.requests);
      }
    }
    return excess() <= 0;
  }

  const WhatIf& what_if_;
  std::vector<SingleChange>& changes_;
  PodLevelResources level_;
  Demand demand_;
};

}  // namespace

void changes_of_resources(const WhatIf& what_if, std::span<const NodeRefusal> refusals,
                          std::vector<SingleChange>& changes) {
  Resources(what_if, changes).find(refusals);
}

}  // namespace arcas::scheduler
