#include "core/scheduler/placement_rater.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/scheduler/policies/registry.h"

namespace arcas::scheduler {

PlacementRater::PlacementRater(model::Catalog& catalog, const NodeTable& nodes, ShapeTable& shapes,
                               std::string policy)
    : catalog_(catalog),
      nodes_(nodes),
      shapes_(shapes),
      name_(std::move(policy)),
      devices_(catalog) {
  ARCAS_CHECK(policies::find_policy(name_).has_value());
}

void PlacementRater::count(const NodeKind& kind, std::int64_t change) {
  if (kind.cpu == 0 && kind.memory == 0) return;
  std::int64_t& known = shapes_of_nodes_[kind];
  known += change;
  if (known == 0) shapes_of_nodes_.erase(kind);
  stale_ = true;
}

void PlacementRater::upsert_node(const model::Node& node) {
  devices_.upsert(node);
  devices_.complete(node.id, nodes_[node.id].pods);
  const policies::NodeView view = devices_.node_view(node.id, nodes_);
  const NodeKind kind{view.cpu_capacity, view.memory_capacity, view.device_count, view.model};
  if (node.id.index >= counted_.size()) counted_.resize(node.id.index + 1);
  NodeKind& before = counted_[node.id.index];
  if (before == kind) return;
  count(before, -1);
  before = kind;
  count(kind, 1);
}

void PlacementRater::remove_node(NodeId node) {
  if (node.index >= counted_.size()) return;
  count(std::exchange(counted_[node.index], {}), -1);
}

void PlacementRater::learn(SpecId spec) {
  static_cast<void>(pod(spec));  // makes its kind known
  ++kinds_[kind_of_[spec.index]].weight;
  if (++arrivals_ >= next_at_) stale_ = true;
}

const policies::PodView& PlacementRater::pod(SpecId spec) {
  if (spec.index >= kind_of_.size()) kind_of_.resize(spec.index + 1, kUnseen);
  std::uint32_t& kind = kind_of_[spec.index];
  if (kind != kUnseen) return kinds_[kind].pod;
  const policies::PodView view =
      devices_.pod_view(catalog_.spec(spec), shapes_[shapes_.of(spec)].demand);
  const auto at = std::find_if(kinds_.begin(), kinds_.end(),
                               [&](const auto& known) { return known.pod == view; });
  kind = static_cast<std::uint32_t>(at - kinds_.begin());
  if (at == kinds_.end()) kinds_.push_back({view, 0});
  return kinds_[kind].pod;
}

std::vector<policies::TypicalPod> PlacementRater::typical() const {
  constexpr std::int64_t kMost = std::int64_t{1} << 31U;
  std::vector<policies::TypicalPod> sorted;
  for (const policies::TypicalPod& kind : kinds_) {
    const bool possible = kind.pod.devices <= std::int32_t{policies::kMostDevices} &&
                          kind.pod.cpu_milli <= kMost && kind.pod.memory_mib <= kMost;
    if (kind.weight > 0 && possible) sorted.push_back(kind);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.weight > b.weight; });
  std::int64_t held = 0;
  std::size_t kept = 0;
  while (kept < sorted.size() && held * 100 < arrivals_ * 95) held += sorted[kept++].weight;
  sorted.resize(kept);
  return sorted;
}

policies::NodeView PlacementRater::empty_view(const NodeKind& kind) const {
  policies::NodeView view;
  view.cpu_capacity = view.cpu_free = kind.cpu;
  view.memory_capacity = view.memory_free = kind.memory;
  view.pods_free = 1 << 20;
  view.device_count = kind.devices;
  view.model = kind.model;
  std::fill_n(view.free.begin(), kind.devices, std::int16_t{policies::kWholeDevice});
  return view;
}

void PlacementRater::prepare() {
  if (!stale_) return;
  stale_ = false;
  next_at_ = std::max<std::int64_t>(1, 2 * arrivals_);
  policies::PolicySetup setup;
  setup.cpu_scale_milli = 1;
  setup.device_scale_milli = 1;
  for (const auto& [kind, nodes] : shapes_of_nodes_) {
    setup.cpu_scale_milli = std::max(setup.cpu_scale_milli, kind.cpu);
    setup.device_scale_milli =
        std::max(setup.device_scale_milli,
                 std::int64_t{kind.devices} * std::int64_t{policies::kWholeDevice});
    setup.shapes.push_back({empty_view(kind), nodes});
  }
  constexpr std::int64_t kMost = std::int64_t{1} << 31U;
  setup.cpu_scale_milli = std::min(setup.cpu_scale_milli, kMost);
  setup.typical = typical();
  auto made = policies::make_policy(name_, setup);
  ARCAS_CHECK(made.has_value());
  policy_ = std::move(*made);
}

bool PlacementRater::fits(NodeId node, const policies::PodView& pod) const {
  return policies::fits(devices_.node_view(node, nodes_), pod);
}

policies::Placement PlacementRater::rate(NodeId node, const policies::PodView& pod, Uid uid) const {
  RandomStream random(hash_combine(uid.value, node.index));
  return policy_->place(devices_.node_view(node, nodes_), pod, random);
}

}  // namespace arcas::scheduler
