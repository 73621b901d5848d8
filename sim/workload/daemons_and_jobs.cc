#include "sim/workload/daemons_and_jobs.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "core/base/rng.h"
#include "core/scheduler/gang_membership.h"
#include "sim/workload/pod_specs.h"

namespace arcas::sim {
namespace {

constexpr TenantId kSystem{0};

model::LabelSet app_label(const std::string& name, model::Catalog& catalog) {
  model::LabelSet labels;
  labels.set(catalog.intern("app"), catalog.intern(name));
  return labels;
}

UserOperation system_tenant(model::Catalog& catalog) {
  model::Tenant tenant;
  tenant.id = kSystem;
  tenant.meta.name = {catalog.intern("system"), 0};
  UserOperation operation;
  operation.object = tenant;
  return operation;
}

UserOperation daemon_set(const DaemonSetSpec& given, TimePoint at, model::Catalog& catalog) {
  model::DaemonSet set;
  set.meta.tenant = kSystem;
  set.meta.name_space = catalog.intern_namespace(kSystem, "kube-system");
  set.meta.name = {catalog.intern(given.name), 0};
  set.pod_template.labels = catalog.label_sets.intern(app_label(given.name, catalog));
  model::Selector selector;
  selector.requirements.push_back(
      {catalog.intern("app"), model::SelectorOperator::in, {catalog.intern(given.name)}});
  set.selector = catalog.selectors.intern(std::move(selector));
  model::PodSpec spec = pod_spec_of(given.pod, catalog.intern("image-" + given.name), catalog);
  for (const auto& [key, value] : given.node_labels) {
    spec.node_selector.emplace_back(catalog.intern(key), catalog.intern(value));
  }
  std::sort(spec.node_selector.begin(), spec.node_selector.end());
  set.pod_template.spec = catalog.intern_spec(std::move(spec));
  UserOperation operation;
  operation.at = at;
  operation.object = set;
  return operation;
}

UserOperation job(const JobSpec& given, std::int64_t index, TenantId tenant, std::int64_t runs,
                  model::Catalog& catalog) {
  const std::string name = given.name + "-" + std::to_string(index);
  model::Job job;
  job.meta.tenant = tenant;
  job.meta.name_space = catalog.intern_namespace(tenant, "default");
  job.meta.name = {catalog.intern(name), 0};
  job.completions = static_cast<std::int32_t>(given.completions);
  job.parallelism = static_cast<std::int32_t>(given.parallelism);
  job.backoff_limit = static_cast<std::int32_t>(given.backoff_limit);
  model::LabelSet labels = app_label(name, catalog);
  if (given.gang > 0) {
    labels.set(catalog.intern(scheduler::kPodGroupName), catalog.intern(name));
    labels.set(catalog.intern(scheduler::kPodGroupMinimum),
               catalog.intern(std::to_string(given.gang)));
  }
  job.pod_template.labels = catalog.label_sets.intern(std::move(labels));
  model::PodSpec spec = pod_spec_of(given.pod, catalog.intern("image-" + given.name), catalog);
  spec.restart = model::RestartPolicy::never;
  spec.run_seconds = runs;
  job.pod_template.spec = catalog.intern_spec(std::move(spec));
  UserOperation operation;
  operation.object = job;
  return operation;
}

}  // namespace

std::vector<UserOperation> daemons_and_jobs(const Scenario& scenario, model::Catalog& catalog) {
  const WorkloadSpec& workload = scenario.workload;
  std::vector<UserOperation> operations;
  if (!workload.daemon_sets.empty()) operations.push_back(system_tenant(catalog));
  for (const DaemonSetSpec& set : workload.daemon_sets) {
    operations.push_back(daemon_set(set, TimePoint{} + workload.start, catalog));
  }
  RandomStream random = RandomStream(scenario.seed).stream("jobs");
  std::int64_t made = 0;
  for (const JobSpec& spec : workload.jobs) {
    const Duration start = spec.start.ns < 0 ? workload.start : spec.start;
    const Duration over = spec.over.ns < 0 ? workload.over : spec.over;
    for (std::int64_t i = 0; i < spec.count; ++i, ++made) {
      const TenantId tenant{static_cast<std::uint32_t>(1 + made % scenario.tenants)};
      const std::int64_t runs =
          random.between(spec.runs_min.ns / seconds(1).ns, spec.runs_max.ns / seconds(1).ns);
      operations.push_back(job(spec, i, tenant, runs, catalog));
      operations.back().at = TimePoint{} + start + Duration{over.ns / spec.count * i};
    }
  }
  std::stable_sort(operations.begin(), operations.end(),
                   [](const UserOperation& a, const UserOperation& b) { return a.at < b.at; });
  return operations;
}

OperationSource merge(OperationSource first, std::vector<UserOperation> second) {
  if (second.empty()) return first;
  struct State {
    OperationSource first;
    std::optional<UserOperation> held;
    std::vector<UserOperation> second;
    std::size_t next = 0;
  };
  auto state = std::make_shared<State>(State{std::move(first), {}, std::move(second), 0});
  state->held = state->first();
  return [state]() -> std::optional<UserOperation> {
    const bool left = state->next < state->second.size();
    if (state->held && !(left && state->second[state->next].at < state->held->at)) {
      return std::exchange(state->held, state->first());
    }
    if (!left) return std::nullopt;
    return std::move(state->second[state->next++]);
  };
}

}  // namespace arcas::sim
