// After the last file of a snapshot: which node, which owner, what nobody said.
#include <algorithm>
#include <tuple>
#include <utility>

#include "core/manifest/snapshot_reader.h"

namespace arcas::manifest {

using model::SnapshotPod;
using model::SnapshotWorkload;

SnapshotReport SnapshotReader::finish(model::Snapshot& out) {
  link_workloads();
  cut_circles();
  link_nodes();
  link_pods();
  drop_unknown_volumes();
  note_inventions();
  out = std::move(snapshot_);
  return std::move(report_);
}

std::uint32_t SnapshotReader::workload_named(const OwnerName& owner, NamespaceId name_space) {
  if (!owner.valid()) return SnapshotWorkload::kNone;
  const std::string& kind = catalog_.text(owner.kind);
  const bool node = kind == "Node";  // a static pod: every node is a workload of its own
  const auto key =
      std::tuple{owner.kind.index, node ? NamespaceId{}.index : name_space.index, owner.name.index};
  const auto place = static_cast<std::uint32_t>(snapshot_.workloads.size());
  const auto [it, is_new] = workload_index_.emplace(key, place);
  if (!is_new) return it->second;
  SnapshotWorkload workload;
  workload.kind = owner.kind;
  workload.name = owner.name;
  workload.name_space = node ? NamespaceId{} : name_space;
  if (node || kind == "DaemonSet") workload.type = SnapshotWorkload::Type::per_node;
  snapshot_.workloads.push_back(workload);
  return place;
}

void SnapshotReader::link_workloads() {
  for (std::uint32_t i = 0; i < snapshot_.workloads.size(); ++i) {
    const SnapshotWorkload& w = snapshot_.workloads[i];
    workload_index_.emplace(std::tuple{w.kind.index, w.name_space.index, w.name.index}, i);
  }
  for (std::uint32_t i = 0; i < workload_links_.size(); ++i) {
    const NamespaceId name_space = snapshot_.workloads[i].name_space;
    const std::uint32_t owner = workload_named(workload_links_[i].owner, name_space);
    snapshot_.workloads[i].owner = owner;
  }
}

/// Owners that go in a circle: the reference of the first one of it is left out.
void SnapshotReader::cut_circles() {
  std::vector<std::uint32_t> seen(snapshot_.workloads.size(), SnapshotWorkload::kNone);
  for (std::uint32_t i = 0; i < workload_links_.size(); ++i) {
    std::uint32_t at = i;
    while (at != SnapshotWorkload::kNone && seen[at] == SnapshotWorkload::kNone) {
      seen[at] = i;
      at = snapshot_.workloads[at].owner;
    }
    if (at == SnapshotWorkload::kNone || seen[at] != i) continue;
    problem(workload_links_[at].place +
            ": metadata.ownerReferences: its owners go in a circle; allowed: an end. The reference "
            "is left out");
    snapshot_.workloads[at].owner = SnapshotWorkload::kNone;
  }
}

void SnapshotReader::link_nodes() {
  std::vector<bool> known(catalog_.nodes.size());
  for (const model::Node& node : snapshot_.nodes) known[node.id.index] = true;
  const auto node_named = [&](StringId name) {
    if (!name.valid()) return NodeId{};
    const NodeId id = catalog_.nodes.find(catalog_.text(name));
    return id.valid() && known[id.index] ? id : NodeId{};
  };
  for (std::size_t i = 0; i < snapshot_.pods.size(); ++i) {
    model::Pod& pod = snapshot_.pods[i].pod;
    pod.node = node_named(pod_links_[i].node_name);
    if (!pod.node.valid()) pod.nominated = node_named(pod_links_[i].nominated);
  }
}

void SnapshotReader::link_pods() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < snapshot_.pods.size(); ++i) {
    SnapshotPod& pod = snapshot_.pods[i];
    if (pod_links_[i].node_name.valid() && !pod.pod.node.valid()) {
      ++pods_elsewhere_;
      continue;
    }
    pod.workload = workload_named(pod_links_[i].owner, pod.pod.meta.name_space);
    snapshot_.pods[kept++] = pod;
  }
  snapshot_.pods.resize(kept);
  for (const SnapshotPod& pod : snapshot_.pods) {
    if (pod.workload == SnapshotWorkload::kNone) continue;
    SnapshotWorkload& workload = snapshot_.workloads[pod.workload];
    if (workload.has_template || workload.listed) continue;
    workload.has_template = true;
    workload.pod_template = {pod.pod.meta.labels, pod.pod.spec};
  }
}

/// Without the claims, or the volumes that they are bound to, every pod with a volume would be
/// refused.
void SnapshotReader::drop_unknown_volumes() {
  if (!snapshot_.claims.empty() && !snapshot_.volumes.empty()) return;
  std::map<SpecId, SpecId> without;
  const auto stripped = [&](SpecId spec) {
    if (catalog_.spec(spec).volumes.empty()) return spec;
    const auto [it, is_new] = without.emplace(spec, spec);
    if (!is_new) return it->second;
    model::PodSpec next = catalog_.spec(spec);
    std::erase_if(next.volumes, [](const model::Volume& volume) {
      return volume.kind == model::Volume::Kind::claim;
    });
    return it->second = catalog_.intern_spec(std::move(next));
  };
  for (SnapshotPod& pod : snapshot_.pods) {
    const SpecId spec = stripped(pod.pod.spec);
    volumes_dropped_ += spec == pod.pod.spec ? 0 : 1;
    pod.pod.spec = spec;
  }
  for (SnapshotWorkload& workload : snapshot_.workloads) {
    if (workload.has_template) workload.pod_template.spec = stripped(workload.pod_template.spec);
  }
}

void SnapshotReader::note_inventions() {
  const auto note = [this](const std::string& text, std::uint64_t count) {
    if (count > 0) report_.notes.push_back(text + ": " + std::to_string(count));
  };
  const auto counted = [](const auto& list, auto holds) {
    return static_cast<std::uint64_t>(std::count_if(list.begin(), list.end(), holds));
  };
  note("pods that have finished and are left out", finished_pods_);
  note("pods on nodes that are not in the files, left out", pods_elsewhere_);
  note("pods without a controller, which nobody makes again",
       counted(snapshot_.pods,
               [](const SnapshotPod& pod) { return pod.workload == SnapshotWorkload::kNone; }));
  note(
      "pods whose volume claims are not looked at, since the files lack PersistentVolumeClaims or "
      "PersistentVolumes",
      volumes_dropped_);
  note("nodes without status.allocatable, for which status.capacity stands",
       capacity_for_allocatable_);
  note("nodes that do not say how many pods they take, 110 is assumed", pods_capacity_invented_);
  note(
      "nodes without condition ContainerRuntimeReady, which Kubernetes does not know; they count "
      "as ready for containers",
      runtime_invented_);
  note("nodes whose zone comes from failure-domain.beta.kubernetes.io/zone", old_zone_labels_);
  note("nodes without label topology.kubernetes.io/zone",
       counted(snapshot_.nodes, [](const model::Node& node) { return !node.zone.valid(); }));
}

}  // namespace arcas::manifest
