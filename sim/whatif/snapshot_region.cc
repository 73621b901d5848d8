#include "sim/whatif/snapshot_region.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "core/base/check.h"

namespace arcas::sim {
namespace {

using model::Catalog;
using model::Snapshot;
using model::SnapshotPod;
using model::SnapshotWorkload;

constexpr std::size_t kFewestZones = 3;
/// Beyond every run: a region comes to rest before its clients are held back.
constexpr Duration kNoLimits = hours(1'000'000);

/// The same ids for everything but nodes, zones and racks, of which it has none.
std::unique_ptr<Catalog> without_machines(const Catalog& from, std::uint32_t namespaces) {
  auto to = std::make_unique<Catalog>();
  for (std::uint32_t i = 0; i < from.strings.size(); ++i) to->intern(from.text(StringId{i}));
  for (std::uint32_t i = 0; i < from.resources.size(); ++i) {
    to->resources.intern(from.resources.text(ResourceId{i}));
  }
  for (std::uint32_t i = 0; i < from.tenants.size(); ++i) {
    to->tenants.intern(from.tenants.text(TenantId{i}));
  }
  for (std::uint32_t i = 0; i < from.label_sets.size(); ++i) {
    to->label_sets.intern(from.label_sets[LabelSetId{i}]);
  }
  for (std::uint32_t i = 0; i < from.selectors.size(); ++i) {
    to->selectors.intern(from.selectors[SelectorId{i}]);
  }
  for (std::uint32_t i = 0; i < namespaces; ++i) {
    const NamespaceId id{i};
    ARCAS_CHECK(to->intern_namespace(from.tenant_of(id), from.namespace_name(id)) == id);
  }
  for (std::uint32_t i = 0; i < from.spec_count(); ++i) {
    ARCAS_CHECK(to->intern_spec(from.spec(SpecId{i})) == SpecId{i});
  }
  ARCAS_CHECK(to->strings.size() == from.strings.size());
  return to;
}

/// Taints that Kubernetes sets by itself, for what it sees of the node.
bool is_own_taint(const model::Taint& taint, const Catalog& catalog) {
  return catalog.text(taint.key).starts_with("node.kubernetes.io/");
}

bool is_dead(const model::Node& node, const Catalog& catalog) {
  return std::any_of(node.taints.begin(), node.taints.end(), [&](const model::Taint& taint) {
    const std::string& key = catalog.text(taint.key);
    return key == "node.kubernetes.io/unreachable" || key == "node.kubernetes.io/not-ready";
  });
}

model::Metadata fresh(const model::Metadata& meta, TenantId tenant) {
  model::Metadata next;
  next.tenant = tenant;
  next.name_space = meta.name_space;
  next.name = meta.name;
  next.labels = meta.labels;
  return next;
}

class Builder {
 public:
  Builder(const Snapshot& snapshot, const Catalog& from, const roles::Profile& profile)
      : snapshot_(snapshot), from_(from) {
    out_.catalog = without_machines(from, namespace_count());
    plan_.seed = 1;
    plan_.profile = profile;
    plan_.profile.client_limits_start = kNoLimits;
    plan_.zonal_resource_partitions = profile.zone_evidence;
    out_.node_of.resize(from.nodes.size());
    out_.zone_of.resize(from.zones.size());
  }

  SnapshotRegion region() {
    choose_pods();
    add_machines();
    for (int i = 1; plan_.zones.size() < kFewestZones; ++i) {
      plan_.zones.push_back("control-plane-" + std::to_string(i));
    }
    out_.run = std::make_unique<RegionRun>(plan_, *out_.catalog, CheckOptions{});
    for (const auto& [node, name] : machines_) {
      out_.node_of[node.index] = out_.catalog->nodes.find(name);
    }
    out_.run->set_users([] { return std::nullopt; });
    out_.run->start();
    load();
    note("nodes that are not ready, and what is on them", dead_);
    note("pods that wait for a node", waiting_);
    note("pods that are being deleted", terminating_);
    note(
        "pods of StatefulSets; they are taken to be made anew as soon as they are evicted, while "
        "Kubernetes waits until the Pod or Node objects of a dead machine are deleted",
        stateful_);
    note("pods with volumes, which are not looked at", volumes_);
    return std::move(out_);
  }

 private:
  void note(const char* what, std::uint64_t count) {
    if (count > 0) out_.left_out.push_back(std::string(what) + ": " + std::to_string(count));
  }

  [[nodiscard]] std::uint32_t namespace_count() {
    std::uint32_t count = 0;
    const auto see = [&](NamespaceId id) {
      if (!id.valid()) return;
      count = std::max(count, id.index + 1);
      plan_.tenants = std::max(plan_.tenants, from_.tenant_of(id).index);
    };
    for (const SnapshotPod& pod : snapshot_.pods) see(pod.pod.meta.name_space);
    for (const auto& budget : snapshot_.budgets) see(budget.meta.name_space);
    for (const SnapshotWorkload& workload : snapshot_.workloads) see(workload.name_space);
    for (const auto& [name_space, labels] : snapshot_.namespace_labels) see(name_space);
    return count;
  }

  /// Those that are on machines that work.
  void choose_pods() {
    std::vector<bool> works(from_.nodes.size());
    for (const model::Node& node : snapshot_.nodes) {
      const bool dead = is_dead(node, from_);
      works[node.id.index] = !dead;
      dead_ += dead ? 1 : 0;
    }
    for (const SnapshotPod& pod : snapshot_.pods) {
      if (pod.pod.meta.terminating()) {
        ++terminating_;
      } else if (!pod.pod.node.valid()) {
        ++waiting_;
      } else if (works[pod.pod.node.index]) {
        chosen_.push_back(&pod);
      }
    }
    out_.pods = chosen_.size();
  }

  void add_machines() {
    // What is on a machine fits, whatever its agent says of its room now.
    std::vector<model::ResourceList> used(from_.nodes.size());
    for (const SnapshotPod* pod : chosen_) {
      model::ResourceList& sum = used[pod->pod.node.index];
      sum.add(from_.spec(pod->pod.spec).requests);
      sum.add(model::kPods, 1);
    }
    for (const model::Node& node : snapshot_.nodes) {
      if (is_dead(node, from_)) continue;
      model::Node machine;
      machine.meta = fresh(node.meta, {});
      machine.allocatable = node.allocatable;
      for (const auto& item : used[node.id.index].items()) {
        if (item.amount > node.allocatable.get(item.kind)) {
          machine.allocatable.set(item.kind, item.amount);
        }
      }
      machine.zone = zone_for(node.zone);
      machine.taints = node.taints;
      std::erase_if(machine.taints, [&](const auto& taint) { return is_own_taint(taint, from_); });
      machine.images = node.images;
      machine.unschedulable = node.unschedulable;
      machine.container_runtime_ready = node.container_runtime_ready;
      machine.vm_runtime_ready = node.vm_runtime_ready;
      machines_.emplace_back(node.id, out_.catalog->name_text(machine.meta.name));
      plan_.machines.push_back(std::move(machine));
    }
  }

  ZoneId zone_for(ZoneId zone) {
    ZoneId& known = zone.valid() ? out_.zone_of[zone.index] : no_zone_;
    if (!known.valid()) {
      known = ZoneId{static_cast<std::uint32_t>(plan_.zones.size())};
      plan_.zones.push_back(zone.valid() ? from_.zones.text(zone) : "(no zone)");
    }
    return known;
  }

  void load() {
    std::map<std::uint32_t, std::vector<const SnapshotPod*>> by_workload;
    for (const SnapshotPod* pod : chosen_) {
      if (replaces(*pod)) by_workload[pod->workload].push_back(pod);
    }
    ports::Transaction objects;
    objects.mode = ports::Transaction::Mode::each;
    for (const auto& [workload, pods] : by_workload) {
      objects.objects.push_back({ports::Verb::create, 0, set_for(workload, pods)});
    }
    for (const model::PodDisruptionBudget& budget : snapshot_.budgets) {
      if (!budget.selector.valid()) continue;
      model::PodDisruptionBudget next = budget;
      next.meta = fresh(budget.meta, from_.tenant_of(budget.meta.name_space));
      next.disrupted_pods.clear();
      objects.objects.push_back({ports::Verb::create, 0, next});
    }
    const auto made = out_.run->load(kSystem, objects);
    std::map<std::uint32_t, Uid> set_of;
    std::size_t next = 0;
    for (const auto& [workload, pods] : by_workload) set_of[workload] = made.objects[next++].uid;
    load_pods(set_of);
  }

  void load_pods(const std::map<std::uint32_t, Uid>& set_of) {
    ports::Transaction transaction;
    transaction.mode = ports::Transaction::Mode::each;
    for (const SnapshotPod* from : chosen_) {
      model::Pod pod;
      pod.meta = fresh(from->pod.meta, from_.tenant_of(from->pod.meta.name_space));
      pod.spec = without_volumes(from->pod.spec);
      volumes_ += from_.spec(from->pod.spec).volumes.empty() ? 0 : 1;
      pod.node = out_.node_of[from->pod.node.index];
      pod.phase = model::PodPhase::running;
      pod.ready = true;
      pod.ready_since = TimePoint{};
      pod.started_at = TimePoint{};
      if (replaces(*from)) {
        pod.meta.owner = {set_of.at(from->workload), model::Kind::replica_set};
        const SnapshotWorkload& workload = snapshot_.workloads[from->workload];
        stateful_ += from_.text(workload.kind) == "StatefulSet" ? 1 : 0;
      }
      transaction.pods.push_back({ports::Verb::create, 0, pod});
    }
    const auto made = out_.run->load(kSystem, transaction);
    for (std::size_t i = 0; i < made.pods.size(); ++i) {
      const std::uint64_t sequence = made.pods[i].uid.sequence();
      if (out_.stays.size() <= sequence) out_.stays.resize(sequence + 1);
      out_.stays[sequence] =
          chosen_[i]->workload != SnapshotWorkload::kNone && !replaces(*chosen_[i]);
    }
  }

  [[nodiscard]] bool replaces(const SnapshotPod& pod) const {
    return pod.workload != SnapshotWorkload::kNone &&
           snapshot_.workloads[pod.workload].type == SnapshotWorkload::Type::replacing;
  }

  /// Workloads of one name may be of several kinds, so the kind is part of the name.
  model::ReplicaSet set_for(std::uint32_t place, const std::vector<const SnapshotPod*>& pods) {
    const SnapshotWorkload& workload = snapshot_.workloads[place];
    const model::Pod& like = pods.front()->pod;
    model::ReplicaSet set;
    set.meta.tenant = from_.tenant_of(like.meta.name_space);
    set.meta.name_space = like.meta.name_space;
    set.meta.name = {
        out_.catalog->intern(from_.text(workload.kind) + "." + from_.text(workload.name)), 0};
    set.replicas = static_cast<std::int32_t>(pods.size());
    set.pod_template = {like.meta.labels, without_volumes(like.spec)};
    set.selector = workload.selector;
    if (!set.selector.valid()) {
      model::Selector selector;
      for (const auto& [key, value] : from_.label_sets[like.meta.labels].items()) {
        selector.requirements.push_back({key, model::SelectorOperator::in, {value}});
      }
      set.selector = out_.catalog->selectors.intern(std::move(selector));
    }
    set.status_replicas = set.status_ready = set.status_available = set.replicas;
    set.observed_generation = 1;
    return set;
  }

  SpecId without_volumes(SpecId spec) {
    const model::PodSpec& full = from_.spec(spec);
    if (full.volumes.empty() && !full.scheduler_name.valid()) return spec;
    const auto [it, is_new] = bare_.emplace(spec, spec);
    if (!is_new) return it->second;
    model::PodSpec next = full;
    next.volumes.clear();
    next.scheduler_name = {};
    return it->second = out_.catalog->intern_spec(std::move(next));
  }

  static constexpr TenantId kSystem{0};

  const Snapshot& snapshot_;
  const Catalog& from_;
  SnapshotRegion out_;
  RegionPlan plan_;
  ZoneId no_zone_;
  std::vector<const SnapshotPod*> chosen_;
  std::vector<std::pair<NodeId, std::string>> machines_;  // by the snapshot's id
  std::map<SpecId, SpecId> bare_;
  std::uint64_t dead_ = 0;
  std::uint64_t waiting_ = 0;
  std::uint64_t terminating_ = 0;
  std::uint64_t stateful_ = 0;
  std::uint64_t volumes_ = 0;
};

}  // namespace

SnapshotRegion region_of(const Snapshot& snapshot, const Catalog& catalog,
                         const roles::Profile& profile) {
  return Builder(snapshot, catalog, profile).region();
}

}  // namespace arcas::sim
