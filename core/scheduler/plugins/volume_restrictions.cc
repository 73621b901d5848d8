#include "core/scheduler/plugins/volume_restrictions.h"

#include <algorithm>

#include "core/scheduler/plugins/refusal.h"
#include "core/scheduler/plugins/volume_claims.h"

namespace arcas::scheduler {
namespace {

bool overlap(const std::vector<StringId>& a, const std::vector<StringId>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](StringId id) { return std::find(b.begin(), b.end(), id) != b.end(); });
}

}  // namespace

bool disks_conflict(const model::Volume& a, const model::Volume& b) {
  using Kind = model::Volume::Kind;
  if (a.kind != b.kind || a.kind == Kind::claim || a.source != b.source) return false;
  if (a.kind == Kind::aws_disk) return true;
  if (a.read_only && b.read_only) return false;
  return a.kind != Kind::rbd || (a.pool == b.pool && overlap(a.monitors, b.monitors));
}

namespace {

class VolumeRestrictions final : public FilterPlugin {
 public:
  explicit VolumeRestrictions(const Cycle& cycle)
      : cluster_(cycle.cluster), spec_(cycle.spec()), name_space_(cycle.pod.name_space) {}

  Prepared prepare() override {
    Prepared prepared;
    const auto is_disk = [](const model::Volume& volume) {
      return volume.kind != model::Volume::Kind::claim;
    };
    has_disks_ = std::any_of(spec_.volumes.begin(), spec_.volumes.end(), is_disk);
    for (const StringId name : claims_of(spec_)) {
      const PersistentVolumeClaim* claim = find_claim(cluster_.volumes, name_space_, name);
      if (claim == nullptr) {
        prepared.status = not_found("persistentvolumeclaim", cluster_.catalog().text(name));
        return prepared;
      }
      const auto& modes = claim->access_modes;
      const bool once = std::find(modes.begin(), modes.end(),
                                  model::AccessMode::read_write_once_pod) != modes.end();
      if (once && cluster_.claim_users(name_space_, name) > 0) claim_in_use_ = true;
    }
    if (!has_disks_ && !claim_in_use_) prepared.status.code = Code::skip;
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    if (has_disks_ && disk_in_use(node)) {
      return refuse(Code::unschedulable, "node(s) had no available disk", reasons);
    }
    if (!claim_in_use_) return Code::success;
    return refuse(Code::unschedulable,
                  "node has pod using PersistentVolumeClaim with the same name and "
                  "ReadWriteOncePod access mode",
                  reasons);
  }

 private:
  [[nodiscard]] bool disk_in_use(NodeId node) const {
    const std::vector<Uid>& pods = cluster_.nodes()[node].pods;
    return std::any_of(pods.begin(), pods.end(), [&](Uid uid) {
      const PodEntry* pod = cluster_.pods().find(uid);
      if (pod == nullptr) return false;
      for (const model::Volume& theirs : cluster_.catalog().spec(pod->spec).volumes) {
        for (const model::Volume& ours : spec_.volumes) {
          if (disks_conflict(ours, theirs)) return true;
        }
      }
      return false;
    });
  }

  const Cluster& cluster_;
  const model::PodSpec& spec_;
  NamespaceId name_space_;
  bool has_disks_ = false;
  bool claim_in_use_ = false;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_volume_restrictions_filter(const Cycle& cycle) {
  return std::make_unique<VolumeRestrictions>(cycle);
}

}  // namespace arcas::scheduler
