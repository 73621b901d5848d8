#include "core/manifest/workloads.h"

#include "core/manifest/parts.h"
#include "core/manifest/pod.h"

namespace arcas::manifest {

model::Namespace namespace_at(const Field& field, const Decoding& decoding) {
  model::Namespace object;
  object.meta = metadata_at(field, decoding, false);
  object.id = decoding.catalog.intern_namespace(decoding.tenant, field["metadata"]["name"].text());
  object.phase = field["status"]["phase"].one_of({"Active", "Terminating"}) == 0
                     ? model::TenantPhase::active
                     : model::TenantPhase::terminating;
  return object;
}

model::ReplicaSet replica_set_at(const Field& field, const Decoding& decoding) {
  model::ReplicaSet object;
  object.meta = metadata_at(field, decoding, true);
  const Field spec = field["spec"];
  object.replicas = spec["replicas"].integer32(0, 0);
  object.selector = selector_at(spec["selector"], decoding.catalog);
  object.pod_template = pod_template_at(spec["template"], decoding.catalog);
  object.min_ready_seconds = spec["minReadySeconds"].integer32(0, 0);
  const Field status = field["status"];
  object.status_replicas = status["replicas"].integer32(0, 0);
  object.status_ready = status["readyReplicas"].integer32(0, 0);
  object.status_available = status["availableReplicas"].integer32(0, 0);
  object.observed_generation =
      static_cast<std::uint32_t>(status["observedGeneration"].integer(0, 0, 0xffffffff));
  return object;
}

model::PriorityClass priority_class_at(const Field& field, const Decoding& decoding) {
  model::PriorityClass object;
  object.meta = metadata_at(field, decoding, false);
  object.value = field["value"].integer32();
  object.global_default = field["globalDefault"].boolean();
  object.never_preempts = field["preemptionPolicy"].one_of({"PreemptLowerPriority", "Never"}) == 1;
  return object;
}

model::PodDisruptionBudget budget_at(const Field& field, const Decoding& decoding) {
  model::PodDisruptionBudget object;
  object.meta = metadata_at(field, decoding, true);
  const Field spec = field["spec"];
  object.selector = selector_at(spec["selector"], decoding.catalog);
  const CountOrPercent least = count_or_percent_at(spec["minAvailable"]);
  const CountOrPercent most = count_or_percent_at(spec["maxUnavailable"]);
  if (spec["minAvailable"].present() && spec["maxUnavailable"].present()) {
    spec["maxUnavailable"].refuse("stands beside minAvailable; allowed: one of the two");
  }
  object.min_available = least.amount;
  object.max_unavailable = most.amount;
  object.is_percent = least.is_percent || most.is_percent;
  const Field status = field["status"];
  object.status_expected = status["expectedPods"].integer32();
  object.status_healthy = status["currentHealthy"].integer32();
  object.status_desired_healthy = status["desiredHealthy"].integer32();
  object.status_disruptions_allowed = status["disruptionsAllowed"].integer32();
  for (const auto& [name, since] : status["disruptedPods"].members()) {
    object.disrupted_pods.push_back(decoding.catalog.intern(name));
  }
  return object;
}

model::WorkloadSelector workload_selector_at(const Field& field, model::WorkloadSelector::Kind kind,
                                             const Decoding& decoding) {
  using Kind = model::WorkloadSelector::Kind;
  const model::Metadata meta = metadata_at(field, decoding, true);
  const Field selector = field["spec"]["selector"];
  const bool is_map = kind == Kind::service || kind == Kind::replication_controller;
  return {kind, meta.name_space, meta.name.base,
          is_map ? map_selector_at(selector, decoding.catalog)
                 : selector_at(selector, decoding.catalog)};
}

Expected<model::Namespace> decode_namespace(const boost::json::value& document,
                                            const Decoding& decoding) {
  return decode_document(document, [&](const Field& root) { return namespace_at(root, decoding); });
}

Expected<model::ReplicaSet> decode_replica_set(const boost::json::value& document,
                                               const Decoding& decoding) {
  return decode_document(document,
                         [&](const Field& root) { return replica_set_at(root, decoding); });
}

Expected<model::PriorityClass> decode_priority_class(const boost::json::value& document,
                                                     const Decoding& decoding) {
  return decode_document(document,
                         [&](const Field& root) { return priority_class_at(root, decoding); });
}

Expected<model::PodDisruptionBudget> decode_budget(const boost::json::value& document,
                                                   const Decoding& decoding) {
  return decode_document(document, [&](const Field& root) { return budget_at(root, decoding); });
}

Expected<model::WorkloadSelector> decode_workload_selector(const boost::json::value& document,
                                                           model::WorkloadSelector::Kind kind,
                                                           const Decoding& decoding) {
  return decode_document(
      document, [&](const Field& root) { return workload_selector_at(root, kind, decoding); });
}

}  // namespace arcas::manifest
