#include "core/scheduler/plugins/volume_binding.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "core/scheduler/plugins/refusal.h"
#include "core/scheduler/plugins/volume_claims.h"
#include "core/scheduler/plugins/volume_matching.h"

namespace arcas::scheduler {
namespace {

class VolumeBindingFilter final : public FilterPlugin {
 public:
  explicit VolumeBindingFilter(const Cycle& cycle)
      : cluster_(cycle.cluster),
        catalog_(cycle.cluster.catalog()),
        spec_(cycle.spec()),
        name_space_(cycle.pod.name_space) {}

  Prepared prepare() override {
    Prepared prepared;
    const std::vector<StringId> names = claims_of(spec_);
    if (names.empty()) {
      prepared.status.code = Code::skip;
      return prepared;
    }
    for (const StringId name : names) {
      prepared.status = check(name);
      if (!prepared.status.ok()) return prepared;
    }
    bool waits_for_others = false;
    for (const StringId name : names) {
      if (!sort_out(*find_claim(cluster_.volumes, name_space_, name))) waits_for_others = true;
    }
    if (waits_for_others) {
      prepared.status.code = Code::unresolvable;
      prepared.status.reasons.emplace_back("pod has unbound immediate PersistentVolumeClaims");
    }
    // The smallest claim takes the smallest volume that will do, and so on.
    std::stable_sort(waiting_.begin(), waiting_.end(), [](const Waiting& a, const Waiting& b) {
      return a.claim->request_bytes < b.claim->request_bytes;
    });
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    const model::Node& object = cluster_.nodes()[node].object;
    const model::LabelSet& labels = catalog_.label_sets[object.meta.labels];
    const Bound bound = check_bound(labels);
    const bool bindable = can_bind(object.meta.name.base, labels);
    if (bound == Bound::reachable && bindable) return Code::success;
    if (reasons == nullptr) return Code::unresolvable;
    if (bound == Bound::elsewhere) {
      reasons->emplace_back("node(s) had volume node affinity conflict");
    }
    if (!bindable)
      reasons->emplace_back("node(s) didn't find available persistent volumes to bind");
    if (bound == Bound::missing) {
      reasons->emplace_back(
          "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
    }
    return Code::unresolvable;
  }

 private:
  /// A claim that is bound when its pod has a node.
  struct Waiting {
    const PersistentVolumeClaim* claim;
    VolumeCandidates candidates;
    const model::StorageClass* storage;
  };
  enum class Bound : std::uint8_t { reachable, elsewhere, missing };

  [[nodiscard]] PluginStatus check(StringId name) const {
    const PersistentVolumeClaim* claim = find_claim(cluster_.volumes, name_space_, name);
    if (claim == nullptr) return not_found("persistentvolumeclaim", catalog_.text(name));
    PluginStatus status;
    const std::string quoted = "persistentvolumeclaim \"" + catalog_.text(name) + "\"";
    if (claim->phase == PersistentVolumeClaim::Phase::lost) {
      const std::string volume =
          claim->volume_name.valid() ? catalog_.text(claim->volume_name) : std::string();
      status.reasons.push_back(quoted + " bound to non-existent persistentvolume \"" + volume +
                               "\"");
    } else if (claim->deleting) {
      status.reasons.push_back(quoted + " is being deleted");
    }
    if (!status.reasons.empty()) status.code = Code::unresolvable;
    return status;
  }

  /// False: the claim should be bound by now and is not.
  bool sort_out(const PersistentVolumeClaim& claim) {
    if (fully_bound(claim)) {
      bound_.push_back(&claim);
      return true;
    }
    const model::StorageClass* storage = find_class(cluster_.volumes, claim);
    if (storage == nullptr || !storage->wait_for_first_consumer || claim.volume_name.valid()) {
      return false;
    }
    waiting_.push_back({&claim, VolumeCandidates(claim, cluster_.volumes, catalog_), storage});
    return true;
  }

  /// The first bound claim that does not do decides.
  [[nodiscard]] Bound check_bound(const model::LabelSet& labels) const {
    for (const PersistentVolumeClaim* claim : bound_) {
      const PersistentVolume* volume = find_volume(cluster_.volumes, claim->volume_name);
      if (volume == nullptr) return Bound::missing;
      if (!reachable(*volume, labels, catalog_)) return Bound::elsewhere;
    }
    return Bound::reachable;
  }

  [[nodiscard]] bool can_bind(StringId node_name, const model::LabelSet& labels) const {
    const auto selected_elsewhere = [&](const Waiting& waiting) {
      const StringId selected = waiting.claim->selected_node;
      return selected.valid() && selected != node_name;
    };
    if (std::any_of(waiting_.begin(), waiting_.end(), selected_elsewhere)) return false;
    boost::container::small_vector<const PersistentVolume*, 8> taken;
    for (const Waiting& waiting : waiting_) {
      // A claim with a selected node is being provisioned there already.
      if (!waiting.claim->selected_node.valid()) {
        const PersistentVolume* volume =
            waiting.candidates.match(labels, {taken.data(), taken.size()});
        if (volume != nullptr) {
          taken.push_back(volume);
          continue;
        }
      }
      if (!can_provision(*waiting.storage, labels, catalog_)) return false;
    }
    return true;
  }

  const Cluster& cluster_;
  const model::Catalog& catalog_;
  const model::PodSpec& spec_;
  NamespaceId name_space_;
  std::vector<const PersistentVolumeClaim*> bound_;
  std::vector<Waiting> waiting_;
};

class VolumeBindingScore final : public ScorePlugin {
 public:
  bool prepare(std::span<const NodeId> /*feasible*/) override { return false; }
  std::int64_t score(NodeId /*node*/) const override { return 0; }
};

}  // namespace

std::unique_ptr<FilterPlugin> make_volume_binding_filter(const Cycle& cycle) {
  return std::make_unique<VolumeBindingFilter>(cycle);
}

std::unique_ptr<ScorePlugin> make_volume_binding_score(const Cycle& /*cycle*/) {
  return std::make_unique<VolumeBindingScore>();
}

}  // namespace arcas::scheduler
