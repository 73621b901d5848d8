#include "core/manifest/workloads.h"

#include <charconv>
#include <string_view>

#include "core/manifest/parts.h"
#include "core/manifest/pod.h"

namespace arcas::manifest {
namespace {

/// A number, or a percentage as text: "25%".
struct CountOrPercent {
  std::int32_t amount = -1;
  bool is_percent = false;
};

CountOrPercent count_or_percent_at(const Field& field) {
  if (!field.present()) return {};
  if (!field.is_text()) return {field.integer32(-1, 0), false};
  std::string_view text = field.text();
  std::int32_t percent = -1;
  const bool has_sign = text.ends_with('%');
  if (has_sign) text.remove_suffix(1);
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (has_sign && error == std::errc() && stop == text.data() + text.size() && percent >= 0) {
    return {percent, true};
  }
  field.refuse(quoted(field.text()) + " is neither a number nor a percentage; allowed: 3 or 25%");
  return {};
}

}  // namespace

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
