#include "sim/check/cluster_facts.h"

#include <algorithm>

namespace arcas::sim {

std::uint32_t ClusterFacts::owner_row(const model::OwnerReference& owner) {
  const auto [it, added] =
      owner_rows_.emplace(owner.uid, static_cast<std::uint32_t>(owners.size()));
  if (added) {
    OwnerFacts facts;
    facts.uid = owner.uid;
    facts.kind = owner.kind;
    owners.push_back(facts);
  }
  return it->second;
}

std::uint32_t ClusterFacts::taint_row(const std::vector<model::Taint>& list) {
  if (list.empty()) return 0;
  std::vector<model::Taint> timeless = list;
  for (model::Taint& taint : timeless) taint.added_ns = 0;
  const auto it = std::find(taints.begin(), taints.end(), timeless);
  if (it != taints.end()) return static_cast<std::uint32_t>(it - taints.begin());
  taints.push_back(std::move(timeless));
  return static_cast<std::uint32_t>(taints.size() - 1);
}

const std::vector<ClusterFacts::Request>& ClusterFacts::requests(std::uint32_t spec) const {
  if (spec >= requests_.size()) requests_.resize(std::size_t{spec} + 1);
  std::vector<Request>& row = requests_[spec];
  if (!row.empty()) return row;
  for (const auto& item : catalog->spec(SpecId{spec}).requests.items()) {
    if (item.kind != model::kPods && item.amount > 0) row.push_back({item.kind.index, item.amount});
  }
  row.push_back({model::kPods.index, 1});
  return row;
}

void ClusterFacts::note_created(Uid uid) {
  const std::uint32_t partition = uid.partition();
  if (partition >= highest_sequence.size()) highest_sequence.resize(partition + 1, 0);
  highest_sequence[partition] = std::max(highest_sequence[partition], uid.sequence());
}

bool ClusterFacts::suspect(std::uint32_t index) const {
  if (index >= nodes.size()) return false;
  const NodeFacts& facts = nodes[index];
  if (!facts.host_up || facts.ready != model::ConditionStatus::yes) return true;
  return facts.zone.index < zones.size() && zones[facts.zone.index].struck();
}

NodeFacts& ClusterFacts::node_at(NodeId id) {
  if (id.index >= nodes.size()) nodes.resize(std::size_t{id.index} + 1);
  return nodes[id.index];
}

ZoneFacts& ClusterFacts::zone_at(ZoneId id) {
  if (id.index >= zones.size()) zones.resize(std::size_t{id.index} + 1);
  return zones[id.index];
}

std::string ClusterFacts::pod_text(Uid pod) const {
  std::string text =
      "pod " + std::to_string(pod.partition()) + "/" + std::to_string(pod.sequence());
  const ObjectFacts* entry = objects.find(pod);
  if (entry != nullptr && entry->exists() && entry->tenant < catalog->tenants.size()) {
    text += " of tenant " + catalog->tenants.text(TenantId{entry->tenant});
  }
  return text;
}

std::string ClusterFacts::node_text(std::uint32_t node) const {
  if (node < catalog->nodes.size()) return "node " + catalog->nodes.text(NodeId{node});
  return "node " + std::to_string(node);
}

}  // namespace arcas::sim
