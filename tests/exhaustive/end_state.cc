#include "tests/exhaustive/end_state.h"

#include <algorithm>
#include <iterator>
#include <variant>

namespace arcas::tests {
namespace {

std::string number(std::int64_t value) { return " " + std::to_string(value); }

std::string status_of(const model::Object& object) {
  if (const auto* set = std::get_if<model::ReplicaSet>(&object)) {
    return number(set->replicas) + number(set->status_replicas) + number(set->status_ready) +
           number(set->status_available);
  }
  if (const auto* deployment = std::get_if<model::Deployment>(&object)) {
    return number(deployment->replicas) + number(deployment->status_replicas) +
           number(deployment->status_updated) + number(deployment->status_ready) +
           number(deployment->status_available);
  }
  if (const auto* daemons = std::get_if<model::DaemonSet>(&object)) {
    return number(daemons->status_desired) + number(daemons->status_current) +
           number(daemons->status_ready);
  }
  if (const auto* job = std::get_if<model::Job>(&object)) {
    return number(job->status_active) + number(job->status_succeeded) + number(job->status_failed) +
           number(job->complete ? 1 : 0);
  }
  if (const auto* budget = std::get_if<model::PodDisruptionBudget>(&object)) {
    return number(budget->status_expected) + number(budget->status_healthy) +
           number(budget->status_disruptions_allowed);
  }
  if (const auto* tenant = std::get_if<model::Tenant>(&object)) {
    return number(tenant->initialized ? 1 : 0);
  }
  return {};
}

}  // namespace

std::vector<std::string> end_state(const SmallWorld& world) {
  std::vector<std::string> lines;
  const state::Tables& tables = world.tables(0);
  tables.for_each_object([&](const model::Object& object) {
    if (std::holds_alternative<model::Lease>(object)) return;
    const model::Metadata& meta = model::metadata_of(object);
    lines.push_back("kind" + number(static_cast<std::int64_t>(model::kind_of(object))) + " " +
                    world.catalog.text(meta.name.base) + number(meta.name.suffix) +
                    (meta.terminating() ? " terminating" : "") + status_of(object));
  });
  tables.pods.for_each([&](const model::Pod& pod) {
    lines.push_back("pod of kind" + number(static_cast<std::int64_t>(pod.meta.owner.kind)) +
                    " spec" + number(pod.spec.index) + " phase" +
                    number(static_cast<std::int64_t>(pod.phase)) + (pod.ready ? " ready" : "") +
                    (pod.node.valid() ? " bound" : "") + (pod.counted ? " counted" : "") +
                    (pod.meta.terminating() ? " terminating" : "") +
                    (world.truth().runs(pod.meta.uid) ? " runs" : ""));
  });
  lines.push_back("running" + number(static_cast<std::int64_t>(world.truth().running())));
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string difference(const std::vector<std::string>& expected,
                       const std::vector<std::string>& actual) {
  std::vector<std::string> missing;
  std::vector<std::string> added;
  std::set_difference(expected.begin(), expected.end(), actual.begin(), actual.end(),
                      std::back_inserter(missing));
  std::set_difference(actual.begin(), actual.end(), expected.begin(), expected.end(),
                      std::back_inserter(added));
  std::string text;
  for (const std::string& line : missing) text += " [missing: " + line + "]";
  for (const std::string& line : added) text += " [added: " + line + "]";
  return text;
}

}  // namespace arcas::tests
