#include "sim/workload/generated.h"

#include <algorithm>
#include <memory>
#include <string>

#include "core/base/rng.h"
#include "sim/workload/daemons_and_jobs.h"
#include "sim/workload/pod_specs.h"

namespace arcas::sim {
namespace {

class Generator {
 public:
  Generator(const Scenario& scenario, model::Catalog& catalog)
      : spec_(scenario.workload),
        tenants_(scenario.tenants),
        catalog_(catalog),
        random_(RandomStream(scenario.seed).stream("workload")),
        zone_key_(catalog.intern("topology.kubernetes.io/zone")),
        app_key_(catalog.intern("app")) {
    for (const PodShapeSpec& shape : spec_.pods) total_share_ += shape.share;
    expected_ = std::max<std::int64_t>(1, spec_.total_pods / std::max<std::int64_t>(1, spec_.mean));
  }

  std::optional<UserOperation> next() {
    if (tenant_ < tenants_) return tenant(++tenant_);
    if (budget_) {
      auto operation = std::move(*budget_);
      budget_.reset();
      return operation;
    }
    if (pods_ >= spec_.total_pods) return std::nullopt;
    return deployment();
  }

 private:
  UserOperation tenant(std::int64_t index) {
    model::Tenant tenant;
    const std::string name = "tenant-" + std::to_string(index);
    tenant.id = catalog_.tenants.intern(name);
    tenant.meta.name = {catalog_.intern(name), 0};
    UserOperation operation;
    operation.object = tenant;
    return operation;
  }

  /// Many small and few large ones: up to the largest once in `rare`, near the mean otherwise, set
  /// so that the mean comes out. Large ones are rarer the larger they are, so that they hold no
  /// more than a third of the pods. The last deployment takes what is left.
  std::int64_t replicas() {
    const std::int64_t left = spec_.total_pods - pods_;
    std::int64_t count = 0;
    const std::int64_t tail = (spec_.smallest + spec_.largest) / 2;
    const std::int64_t rare = std::max<std::int64_t>(50, 3 * tail / spec_.mean);
    if (random_.chance(1, static_cast<std::uint64_t>(rare))) {
      count = random_.between(spec_.smallest, spec_.largest);
    } else {
      const std::int64_t body =
          std::clamp((rare * spec_.mean - tail) / (rare - 1), spec_.smallest, spec_.largest);
      const std::int64_t reach = std::min(body - spec_.smallest, spec_.largest - body);
      count = random_.between(body - reach, body + reach);
    }
    if (left <= spec_.largest && left - count < spec_.smallest) return left;
    return std::min(count, left);
  }

  const PodShapeSpec& draw_shape() {
    auto at = static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(total_share_)));
    for (const PodShapeSpec& shape : spec_.pods) {
      if (at < shape.share) return shape;
      at -= shape.share;
    }
    return spec_.pods.back();
  }

  model::PodSpec pod_spec(const PodShapeSpec& shape, SelectorId selector) {
    const auto image = catalog_.intern(
        "image-" + std::to_string(random_.below(static_cast<std::uint64_t>(spec_.images))));
    model::PodSpec spec = pod_spec_of(shape, image, catalog_);
    const auto draw = static_cast<std::int64_t>(random_.below(100));
    if (draw < spec_.spread_soft_percent + spec_.spread_hard_percent) {
      model::TopologySpreadConstraint constraint;
      constraint.topology_key = zone_key_;
      constraint.selector = selector;
      const bool soft = draw < spec_.spread_soft_percent;
      constraint.when_unsatisfiable =
          soft ? model::TopologySpreadConstraint::WhenUnsatisfiable::schedule_anyway
               : model::TopologySpreadConstraint::WhenUnsatisfiable::do_not_schedule;
      constraint.honor_node_taints = !soft;
      constraint.max_skew = soft ? 1 : 3;
      spec.topology_spread.push_back(constraint);
    }
    return spec;
  }

  UserOperation deployment() {
    const std::string name = "app-" + std::to_string(made_);
    const TenantId tenant{static_cast<std::uint32_t>(1 + made_ % tenants_)};
    model::Deployment deployment;
    deployment.meta.tenant = tenant;
    deployment.meta.name_space = catalog_.intern_namespace(tenant, "default");
    deployment.meta.name = {catalog_.intern(name), 0};
    model::LabelSet labels;
    labels.set(app_key_, catalog_.intern(name));
    deployment.pod_template.labels = catalog_.label_sets.intern(labels);
    model::Selector selector;
    selector.requirements.push_back(
        {app_key_, model::SelectorOperator::in, {catalog_.intern(name)}});
    deployment.selector = catalog_.selectors.intern(std::move(selector));
    deployment.pod_template.spec =
        catalog_.intern_spec(pod_spec(draw_shape(), deployment.selector));
    const std::int64_t count = replicas();
    deployment.replicas = static_cast<std::int32_t>(count);
    pods_ += count;

    UserOperation operation;
    const std::int64_t position = std::min(made_, expected_);
    operation.at = TimePoint{} + spec_.start + Duration{spec_.over.ns / expected_ * position};
    if (static_cast<std::int64_t>(random_.below(100)) < spec_.budget_percent) {
      model::PodDisruptionBudget budget;
      budget.meta.tenant = tenant;
      budget.meta.name_space = deployment.meta.name_space;
      budget.meta.name = {catalog_.intern(name), 0};
      budget.selector = deployment.selector;
      budget.max_unavailable = 25;
      budget.is_percent = true;
      budget_.emplace();
      budget_->at = operation.at;
      budget_->object = budget;
    }
    operation.object = deployment;
    ++made_;
    return operation;
  }

  WorkloadSpec spec_;
  std::int64_t tenants_;
  model::Catalog& catalog_;
  RandomStream random_;
  StringId zone_key_;
  StringId app_key_;
  std::int64_t total_share_ = 0;
  std::int64_t expected_ = 1;  // deployments, roughly
  std::int64_t tenant_ = 0;
  std::int64_t made_ = 0;
  std::int64_t pods_ = 0;
  std::optional<UserOperation> budget_;
};

}  // namespace

OperationSource generated_workload(const Scenario& scenario, model::Catalog& catalog) {
  auto generator = std::make_shared<Generator>(scenario, catalog);
  return merge([generator] { return generator->next(); }, daemons_and_jobs(scenario, catalog));
}

}  // namespace arcas::sim
