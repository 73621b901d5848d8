#include "core/scheduler/plugins/node_volume_limits.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "core/scheduler/plugins/refusal.h"
#include "core/scheduler/plugins/volume_claims.h"

namespace arcas::scheduler {
namespace {

/// A volume as the limits count it: its handle at the driver, or for one that is still to be
/// provisioned the claim.
struct Attachment {
  StringId driver;
  StringId handle;         // or the claim's name
  NamespaceId name_space;  // the claim's; none: the handle is a real one
  constexpr auto operator<=>(const Attachment&) const = default;
};
using Attachments = boost::container::small_vector<Attachment, 32>;

class NodeVolumeLimits final : public FilterPlugin {
 public:
  explicit NodeVolumeLimits(const Cycle& cycle)
      : cluster_(cycle.cluster), spec_(cycle.spec()), name_space_(cycle.pod.name_space) {}

  Prepared prepare() override {
    using Kind = model::Volume::Kind;
    Prepared prepared;
    // In-tree disks that have a CSI driver keep the plugin awake, though no node here says that
    // they have moved to it.
    const bool concerns =
        std::any_of(spec_.volumes.begin(), spec_.volumes.end(), [](const model::Volume& volume) {
          return volume.kind == Kind::claim || volume.kind == Kind::gce_disk ||
                 volume.kind == Kind::aws_disk;
        });
    if (!concerns) {
      prepared.status.code = Code::skip;
      return prepared;
    }
    for (const StringId name : claims_of(spec_)) {
      if (find_claim(cluster_.volumes, name_space_, name) == nullptr) missing_ = name;
    }
    add_attachments(spec_, name_space_, wanted_);
    sort_unique(wanted_);
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    if (missing_.valid()) {
      if (reasons == nullptr) return Code::unresolvable;
      return refuse(
          Code::unresolvable,
          not_found("persistentvolumeclaim", cluster_.catalog().text(missing_)).reasons.front(),
          reasons);
    }
    if (wanted_.empty()) return Code::success;
    const auto& nodes = cluster_.volumes.csi_nodes;
    const auto csi = nodes.find(cluster_.nodes()[node].object.meta.name.base);
    if (csi == nodes.end()) return Code::success;
    const auto& drivers = csi->second.drivers;
    if (std::none_of(drivers.begin(), drivers.end(), [](const auto& d) { return d.has_limit; })) {
      return Code::success;
    }
    const Attachments attached = attached_to(node);
    for (const model::CsiNode::Driver& driver : drivers) {
      if (driver.has_limit && exceeds(driver, attached)) {
        return refuse(Code::unschedulable, "node(s) exceed max volume count", reasons);
      }
    }
    return Code::success;
  }

 private:
  static void sort_unique(Attachments& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }

  /// Claims that do not exist, have no driver, or are bound to nothing that a driver serves do not
  /// count.
  void add_attachments(const model::PodSpec& spec, NamespaceId name_space, Attachments& to) const {
    const VolumeCatalog& volumes = cluster_.volumes;
    for (const model::Volume& mounted : spec.volumes) {
      if (mounted.kind != model::Volume::Kind::claim) continue;
      const PersistentVolumeClaim* claim = find_claim(volumes, name_space, mounted.source);
      if (claim == nullptr) continue;
      const PersistentVolume* volume =
          claim->volume_name.valid() ? find_volume(volumes, claim->volume_name) : nullptr;
      if (volume != nullptr) {
        if (volume->csi_driver.valid() && volume->csi_handle.valid()) {
          to.push_back({volume->csi_driver, volume->csi_handle, NamespaceId{}});
        }
        continue;
      }
      const model::StorageClass* storage = find_class(volumes, *claim);
      if (storage != nullptr && storage->provisioner.valid()) {
        to.push_back({storage->provisioner, claim->name, claim->name_space});
      }
    }
  }

  [[nodiscard]] Attachments attached_to(NodeId node) const {
    Attachments attached;
    for (const Uid uid : cluster_.nodes()[node].pods) {
      const PodEntry* pod = cluster_.pods().find(uid);
      if (pod == nullptr) continue;
      add_attachments(cluster_.catalog().spec(pod->spec), pod->name_space, attached);
    }
    sort_unique(attached);
    return attached;
  }

  /// Whether the pod's volumes that are not there yet are too many for one driver.
  [[nodiscard]] bool exceeds(const model::CsiNode::Driver& driver,
                             const Attachments& attached) const {
    std::int64_t added = 0;
    for (const Attachment& volume : wanted_) {
      if (volume.driver != driver.name) continue;
      if (!std::binary_search(attached.begin(), attached.end(), volume)) ++added;
    }
    if (added == 0) return false;
    const auto present =
        std::count_if(attached.begin(), attached.end(),
                      [&](const Attachment& volume) { return volume.driver == driver.name; });
    return present + added > driver.limit;
  }

  const Cluster& cluster_;
  const model::PodSpec& spec_;
  NamespaceId name_space_;
  Attachments wanted_;
  StringId missing_;  // a claim that does not exist
};

}  // namespace

std::unique_ptr<FilterPlugin> make_node_volume_limits_filter(const Cycle& cycle) {
  return std::make_unique<NodeVolumeLimits>(cycle);
}

}  // namespace arcas::scheduler
