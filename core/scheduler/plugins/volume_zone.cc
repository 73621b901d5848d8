#include "core/scheduler/plugins/volume_zone.h"

#include <algorithm>
#include <array>

#include "core/scheduler/plugins/refusal.h"
#include "core/scheduler/plugins/volume_claims.h"

namespace arcas::scheduler {
namespace {

/// A label that says where something is, and the name that it goes by today.
struct TopologyLabel {
  std::string_view name;
  std::string_view current;
};
constexpr std::array<TopologyLabel, 4> kLabels{{
    {"failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"},
    {"failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"},
    {"topology.kubernetes.io/zone", "topology.kubernetes.io/zone"},
    {"topology.kubernetes.io/region", "topology.kubernetes.io/region"},
}};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n\v\f\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n\v\f\r") - first + 1);
}

/// The parts of "a__b", or nothing when one of them is empty.
std::vector<std::string_view> zones_in(std::string_view text) {
  std::vector<std::string_view> zones;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find("__", at);
    const std::string_view zone = trimmed(text.substr(at, end - at));
    if (zone.empty()) return {};
    zones.push_back(zone);
    if (end == std::string_view::npos) return zones;
    at = end + 2;
  }
}

class VolumeZone final : public FilterPlugin {
 public:
  explicit VolumeZone(const Cycle& cycle)
      : cluster_(cycle.cluster),
        catalog_(cycle.cluster.catalog()),
        spec_(cycle.spec()),
        name_space_(cycle.pod.name_space) {}

  Prepared prepare() override {
    Prepared prepared;
    for (std::size_t i = 0; i < kLabels.size(); ++i) {
      keys_[i] = catalog_.strings.find(kLabels[i].name);
    }
    for (const StringId name : claims_of(spec_)) {
      prepared.status = add_claim(name);
      if (!prepared.status.ok()) return prepared;
    }
    if (demands_.empty()) prepared.status.code = Code::skip;
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    const auto& labels = catalog_.label_sets[cluster_.nodes()[node].object.meta.labels];
    const bool says_where = std::any_of(keys_.begin(), keys_.end(), [&](StringId key) {
      return key.valid() && labels.get(key).valid();
    });
    if (!says_where) return Code::success;
    for (const ZoneDemand& demand : demands_) {
      StringId value = labels.get(demand.key);
      if (!value.valid() && demand.current.valid()) value = labels.get(demand.current);
      if (value.valid() &&
          std::find(demand.values.begin(), demand.values.end(), value) != demand.values.end()) {
        continue;
      }
      return refuse(Code::unresolvable, "node(s) had no available volume zone", reasons);
    }
    return Code::success;
  }

 private:
  /// A label of a volume: the node's has to be one of the values.
  struct ZoneDemand {
    StringId key;
    StringId current;
    std::vector<StringId> values;
  };

  PluginStatus add_claim(StringId name) {
    const VolumeCatalog& volumes = cluster_.volumes;
    const PersistentVolumeClaim* claim = find_claim(volumes, name_space_, name);
    if (claim == nullptr) return not_found("persistentvolumeclaim", catalog_.text(name));
    if (!claim->volume_name.valid()) return unbound(*claim);
    const PersistentVolume* volume = find_volume(volumes, claim->volume_name);
    if (volume == nullptr) {
      return not_found("persistentvolume", catalog_.text(claim->volume_name));
    }
    add_demands(*volume);
    return {};
  }

  /// A claim without a volume is let through only where binding waits for the pod.
  [[nodiscard]] PluginStatus unbound(const PersistentVolumeClaim& claim) const {
    PluginStatus status;
    status.code = Code::unresolvable;
    if (!claim.has_storage_class || !claim.storage_class.valid()) {
      status.reasons.emplace_back("PersistentVolumeClaim had no pv name and storageClass name");
      return status;
    }
    const model::StorageClass* storage = find_class(cluster_.volumes, claim);
    if (storage == nullptr) {
      return not_found("storageclass.storage.k8s.io", catalog_.text(claim.storage_class));
    }
    if (storage->wait_for_first_consumer) return {};
    status.reasons.emplace_back("PersistentVolume had no name");
    return status;
  }

  void add_demands(const PersistentVolume& volume) {
    const auto& labels = catalog_.label_sets[volume.labels];
    for (std::size_t i = 0; i < kLabels.size(); ++i) {
      const StringId value = keys_[i].valid() ? labels.get(keys_[i]) : StringId{};
      if (!value.valid()) continue;
      const auto zones = zones_in(catalog_.text(value));
      if (zones.empty()) continue;  // Kubernetes passes over a label that it cannot read
      ZoneDemand demand{keys_[i], catalog_.strings.find(kLabels[i].current), {}};
      for (const std::string_view zone : zones) {
        // A zone that nothing is named after is one that no node is in.
        if (const StringId id = catalog_.strings.find(zone); id.valid()) {
          demand.values.push_back(id);
        }
      }
      demands_.push_back(std::move(demand));
    }
  }

  const Cluster& cluster_;
  const model::Catalog& catalog_;
  const model::PodSpec& spec_;
  NamespaceId name_space_;
  std::array<StringId, kLabels.size()> keys_;
  std::vector<ZoneDemand> demands_;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_volume_zone_filter(const Cycle& cycle) {
  return std::make_unique<VolumeZone>(cycle);
}

}  // namespace arcas::scheduler
