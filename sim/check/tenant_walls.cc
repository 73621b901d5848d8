#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I57, as far as the stream shows it: an object's tenant and namespace never change, a namespace
/// belongs to its object's tenant, and a pod and its owner share their tenant.
class TenantWalls final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I57 tenant-walls"; }
  [[nodiscard]] Interests interests() const override { return {.objects = true, .all_pods = true}; }

  void on_pod(const PodStep& step) override {
    const model::Metadata& meta = step.pod->meta;
    const std::string_view problem = wrong(meta, step.before);
    if (!problem.empty()) return violate(step, facts().pod_text(meta.uid) + std::string(problem));
    if (!step.created || step.owner == ObjectFacts::kNone) return;
    const OwnerFacts& owner = facts().owners[step.owner];
    if (!owner.tenant.valid() || owner.tenant == meta.tenant) return;
    violate(step, facts().pod_text(meta.uid) + " is owned by an object of tenant " +
                      facts().catalog->tenants.text(owner.tenant));
  }

  void on_object(const ObjectStep& step) override {
    const model::Metadata& meta = model::metadata_of(*step.object);
    const std::string_view problem = wrong(meta, step.before);
    if (problem.empty()) return;
    violate(step.now, step.partition, step.revision,
            "object " + std::to_string(meta.uid.value) + std::string(problem));
  }

 private:
  std::string_view wrong(const model::Metadata& meta, const ObjectFacts& before) {
    evaluated();
    if (!before.exists()) {
      if (meta.name_space.valid() && facts().catalog->tenant_of(meta.name_space) != meta.tenant) {
        return " is in a namespace of another tenant";
      }
    } else if (before.tenant != (meta.tenant.index & 0xfffffU)) {
      return " changed its tenant";
    } else if (before.name_space != meta.name_space.index) {
      return " changed its namespace";
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<Checker> make_tenant_walls(const ClusterFacts& facts) {
  return std::make_unique<TenantWalls>(facts);
}

}  // namespace arcas::sim
