#include "core/scheduler/cluster.h"

namespace arcas::scheduler {

Cluster::Cluster(model::Catalog& catalog, PodLevelResources pod_level)
    : catalog_(catalog), nodes_(catalog), shapes_(catalog, pod_level) {}

void Cluster::place(Uid uid, PodEntry& entry, NodeId node, PodState state) {
  entry.node = node;
  entry.state = state;
  nodes_.charge(node, shapes_[shapes_.of(entry.spec)].demand, 1);
  nodes_.add_pod(node, uid, catalog_.spec(entry.spec).host_ports);
  if (state == PodState::foreign) return;
  pods_.link(uid, entry);
  count_claims(entry, true);
}

void Cluster::lift(Uid uid, PodEntry& entry) {
  nodes_.charge(entry.node, shapes_[shapes_.of(entry.spec)].demand, -1);
  nodes_.remove_pod(entry.node, uid, catalog_.spec(entry.spec).host_ports);
  if (entry.state != PodState::foreign) {
    pods_.unlink(uid, entry);
    count_claims(entry, false);
  }
  entry.node = NodeId{};
}

void Cluster::mark_terminating(PodEntry& entry) { entry.terminating = true; }

void Cluster::set_namespace_labels(NamespaceId name_space, LabelSetId labels) {
  namespace_labels_[name_space] = labels;
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
