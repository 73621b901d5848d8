#include "core/scheduler/cluster.h"

namespace arcas::scheduler {

Cluster::Cluster(model::Catalog& catalog, PodLevelResources pod_level, std::uint32_t dense_domains)
    : catalog_(catalog),
      nodes_(catalog),
      shapes_(catalog, pod_level),
      topology_(catalog, nodes_),
      groups_(catalog, [this](NamespaceId id) { return namespace_labels(id); }),
      terms_(catalog, groups_),
      counters_(pods_, topology_, groups_, terms_, dense_domains),
      hostname_key_(catalog.intern("kubernetes.io/hostname")),
      zone_key_(catalog.intern("topology.kubernetes.io/zone")) {}

void Cluster::choose_policy(const std::string& policy) {
  placement_ = std::make_unique<PlacementRater>(catalog_, nodes_, shapes_, policy);
}

void Cluster::place(Uid uid, PodEntry& entry, NodeId node, PodState state,
                    policies::DeviceSet devices) {
  entry.node = node;
  entry.state = state;
  nodes_.charge(node, shapes_[shapes_.of(entry.spec)].demand, 1);
  // Nobody asks who the others' pods are; their ports are taken all the same.
  const Uid listed = state == PodState::foreign ? Uid{} : uid;
  nodes_.add_pod(node, listed, catalog_.spec(entry.spec).host_ports);
  if (placement_ != nullptr) {
    placement_->devices().place(node, uid, placement_->pod(entry.spec), devices);
  }
  if (state == PodState::foreign) return;
  pods_.link(uid, entry);
  counters_.count(entry, node, 1);
  ++placed_by_priority_[catalog_.spec(entry.spec).priority];
  count_claims(entry, true);
}

void Cluster::lift(Uid uid, PodEntry& entry) {
  nodes_.charge(entry.node, shapes_[shapes_.of(entry.spec)].demand, -1);
  const Uid listed = entry.state == PodState::foreign ? Uid{} : uid;
  nodes_.remove_pod(entry.node, listed, catalog_.spec(entry.spec).host_ports);
  if (placement_ != nullptr) placement_->devices().lift(entry.node, uid);
  if (entry.state != PodState::foreign) {
    counters_.count(entry, entry.node, -1);
    pods_.unlink(uid, entry);
    count_claims(entry, false);
    const auto priority = placed_by_priority_.find(catalog_.spec(entry.spec).priority);
    if (--priority->second == 0) placed_by_priority_.erase(priority);
  }
  entry.node = NodeId{};
}

std::uint32_t Cluster::owner_place(Uid uid) {
  const auto [at, is_new] =
      owner_places_.try_emplace(uid.value, static_cast<std::uint32_t>(owners.size()));
  if (is_new) owners.emplace_back();
  return at->second;
}

void Cluster::mark_terminating(PodEntry& entry) {
  if (entry.terminating) return;
  if (entry.node.valid() && entry.state != PodState::foreign) counters_.count_terminating(entry);
  entry.terminating = true;
}

std::optional<std::int32_t> Cluster::lowest_priority() const {
  if (placed_by_priority_.empty()) return std::nullopt;
  return placed_by_priority_.begin()->first;
}

void Cluster::set_namespace_labels(NamespaceId name_space, LabelSetId labels) {
  const auto [it, fresh] = namespace_labels_.try_emplace(name_space, labels);
  if (!fresh && it->second == labels) return;
  it->second = labels;
  groups_.rematch();
  counters_.forget_all();
}

LabelSetId Cluster::namespace_labels(NamespaceId name_space) const {
  const auto it = namespace_labels_.find(name_space);
  return it == namespace_labels_.end() ? LabelSetId{0} : it->second;
}

void Cluster::count_claims(const PodEntry& entry, bool placed) {
  for (const model::Volume& volume : catalog_.spec(entry.spec).volumes) {
    if (volume.kind != model::Volume::Kind::claim) continue;
    const std::pair key{entry.name_space, volume.source};
    if (placed) {
      ++claim_users_[key];
    } else if (--claim_users_[key] == 0) {
      claim_users_.erase(key);
    }
  }
}

std::uint32_t Cluster::claim_users(NamespaceId name_space, StringId claim) const {
  const auto it = claim_users_.find({name_space, claim});
  return it == claim_users_.end() ? 0 : it->second;
}

}  // namespace arcas::scheduler
