#include "core/manifest/controlled.h"

#include <charconv>
#include <string_view>

#include "core/base/hash.h"
#include "core/manifest/parts.h"
#include "core/manifest/pod.h"
#include "core/manifest/workloads.h"

namespace arcas::manifest {
namespace {

model::PodTemplate controlled_template_at(const Field& field, model::Catalog& catalog) {
  model::PodTemplate result;
  const Field metadata = field["metadata"];
  result.labels = catalog.label_sets.intern(labels_at(metadata["labels"], catalog));
  model::PodSpec spec = pod_spec_at(field["spec"], "", catalog);
  apply_defaults(spec);
  spec.unread = hash_combine(metadata["annotations"].content_hash(), field["spec"].content_hash());
  result.spec = catalog.intern_spec(std::move(spec));
  return result;
}

/// As kubectl's roll-out history reads it.
std::int64_t revision_at(const Field& root) {
  const std::string_view text =
      root["metadata"]["annotations"]["deployment.kubernetes.io/revision"].text();
  std::int64_t revision = 0;
  std::from_chars(text.data(), text.data() + text.size(), revision);
  return revision;
}

std::uint32_t observed_generation_at(const Field& status) {
  return static_cast<std::uint32_t>(status["observedGeneration"].integer(0, 0, 0xffffffff));
}

void rolling_update_at(const Field& field, model::Deployment& object) {
  const CountOrPercent surge = count_or_percent_at(field["maxSurge"]);
  const CountOrPercent unavailable = count_or_percent_at(field["maxUnavailable"]);
  if (surge.amount >= 0) {
    object.max_surge = surge.amount;
    object.max_surge_is_percent = surge.is_percent;
  }
  if (unavailable.amount >= 0) {
    object.max_unavailable = unavailable.amount;
    object.max_unavailable_is_percent = unavailable.is_percent;
  }
}

}  // namespace

model::Deployment deployment_at(const Field& field, const Decoding& decoding) {
  using Strategy = model::Deployment::Strategy;
  constexpr Strategy kStrategies[] = {Strategy::rolling_update, Strategy::recreate};
  model::Deployment object;
  object.meta = metadata_at(field, decoding, true);
  const Field spec = field["spec"];
  object.replicas = spec["replicas"].integer32(1, 0);
  object.selector = selector_at(spec["selector"], decoding.catalog);
  object.pod_template = controlled_template_at(spec["template"], decoding.catalog);
  object.strategy = kStrategies[spec["strategy"]["type"].one_of({"RollingUpdate", "Recreate"})];
  rolling_update_at(spec["strategy"]["rollingUpdate"], object);
  object.paused = spec["paused"].boolean();
  object.min_ready_seconds = spec["minReadySeconds"].integer32(0, 0);
  const Field status = field["status"];
  object.status_replicas = status["replicas"].integer32(0, 0);
  object.status_updated = status["updatedReplicas"].integer32(0, 0);
  object.status_ready = status["readyReplicas"].integer32(0, 0);
  object.status_available = status["availableReplicas"].integer32(0, 0);
  object.observed_generation = observed_generation_at(status);
  object.revision = revision_at(field);
  return object;
}

model::ReplicaSet controlled_replica_set_at(const Field& field, const Decoding& decoding) {
  model::ReplicaSet object = replica_set_at(field, decoding);
  object.pod_template = controlled_template_at(field["spec"]["template"], decoding.catalog);
  object.revision = revision_at(field);
  return object;
}

model::DaemonSet daemon_set_at(const Field& field, const Decoding& decoding) {
  model::DaemonSet object;
  object.meta = metadata_at(field, decoding, true);
  const Field spec = field["spec"];
  object.selector = selector_at(spec["selector"], decoding.catalog);
  object.pod_template = controlled_template_at(spec["template"], decoding.catalog);
  const Field status = field["status"];
  object.status_desired = status["desiredNumberScheduled"].integer32(0, 0);
  object.status_current = status["currentNumberScheduled"].integer32(0, 0);
  object.status_ready = status["numberReady"].integer32(0, 0);
  object.observed_generation = observed_generation_at(status);
  return object;
}

model::Job job_at(const Field& field, const Decoding& decoding) {
  model::Job object;
  object.meta = metadata_at(field, decoding, true);
  const Field spec = field["spec"];
  object.parallelism = spec["parallelism"].integer32(1, 0);
  object.completions = spec["completions"].integer32(object.parallelism, 0);
  object.backoff_limit = spec["backoffLimit"].integer32(6, 0);
  object.pod_template = controlled_template_at(spec["template"], decoding.catalog);
  const Field status = field["status"];
  object.status_active = status["active"].integer32(0, 0);
  object.status_succeeded = status["succeeded"].integer32(0, 0);
  object.status_failed = status["failed"].integer32(0, 0);
  for (const Field& condition : status["conditions"].elements()) {
    if (condition["status"].text() != "True") continue;
    if (condition["type"].text() == "Complete") object.complete = true;
    if (condition["type"].text() == "Failed") object.failed = true;
  }
  return object;
}

}  // namespace arcas::manifest
