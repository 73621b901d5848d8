#include "core/scheduler/cluster.h"

namespace arcas::scheduler {

Cluster::Cluster(model::Catalog& catalog, std::uint32_t dense_domains)
    : catalog_(catalog),
      nodes_(catalog),
      shapes_(catalog),
      topology_(catalog, nodes_),
      groups_(catalog, [this](NamespaceId id) { return namespace_labels(id); }),
      terms_(catalog, groups_),
      counters_(nodes_, pods_, topology_, groups_, terms_, dense_domains),
      hostname_key_(catalog.intern("kubernetes.io/hostname")),
      zone_key_(catalog.intern("topology.kubernetes.io/zone")) {}

void Cluster::place(Uid uid, PodEntry& entry, NodeId node, PodState state) {
  entry.node = node;
  entry.state = state;
  nodes_.charge(node, shapes_[shapes_.of(entry.spec)].demand, 1);
  nodes_.add_pod(node, uid, catalog_.spec(entry.spec).host_ports);
  if (state == PodState::foreign) return;
  pods_.link(uid, entry);
  counters_.count(entry, node, 1);
}

void Cluster::lift(Uid uid, PodEntry& entry) {
  nodes_.charge(entry.node, shapes_[shapes_.of(entry.spec)].demand, -1);
  nodes_.remove_pod(entry.node, uid, catalog_.spec(entry.spec).host_ports);
  if (entry.state != PodState::foreign) {
    counters_.count(entry, entry.node, -1);
    pods_.unlink(uid, entry);
  }
  entry.node = NodeId{};
}

void Cluster::mark_terminating(PodEntry& entry) {
  if (entry.terminating) return;
  if (entry.node.valid() && entry.state != PodState::foreign) counters_.count_terminating(entry);
  entry.terminating = true;
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

}  // namespace arcas::scheduler
