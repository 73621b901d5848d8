#include "real/control/workload_documents.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "core/controllers/deployment.h"
#include "real/api/object_text.h"
#include "real/control/pod_documents.h"
#include "real/control/status_edits.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::string_view kHashLabel = "pod-template-hash";

constexpr std::string_view kRevision = "deployment.kubernetes.io/revision";
constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

void write_revision(json::object& document, std::int64_t revision) {
  if (revision == 0) return;
  object_at(object_at(document, "metadata"), "annotations")[kRevision] = std::to_string(revision);
}

/// Counts that are 0 are left out, as Kubernetes leaves them out.
void set_count(json::object& status, std::string_view member, std::int64_t count) {
  if (count == 0) {
    status.erase(member);
  } else {
    status[member] = count;
  }
}

}  // namespace

json::object new_replica_set_document(const model::ReplicaSet& set, const json::object& deployment,
                                      const model::Catalog& catalog) {
  json::object document{{"apiVersion", "apps/v1"}, {"kind", "ReplicaSet"}};
  json::object labels;
  std::string hash;
  for (const auto& [key, value] : catalog.label_sets[set.meta.labels].items()) {
    labels[catalog.text(key)] = catalog.text(value);
    if (catalog.text(key) == kHashLabel) hash = catalog.text(value);
  }
  json::object metadata{{"name", catalog.name_text(set.meta.name)},
                        {"namespace", catalog.namespace_name(set.meta.name_space)},
                        {"tenant", catalog.tenants.text(set.meta.tenant)},
                        {"labels", labels},
                        {"ownerReferences", json::array{owner_reference(deployment)}}};
  json::object spec{{"replicas", set.replicas}};
  if (set.min_ready_seconds != 0) spec["minReadySeconds"] = set.min_ready_seconds;
  const json::value* selector = value_at(deployment, "spec.selector");
  spec["selector"] = selector != nullptr ? *selector : json::value(json::object());
  object_at(object_at(spec, "selector"), "matchLabels")[kHashLabel] = hash;
  const json::value* pod_template = value_at(deployment, "spec.template");
  spec["template"] = pod_template != nullptr ? *pod_template : json::value(json::object());
  object_at(object_at(object_at(spec, "template"), "metadata"), "labels")[kHashLabel] = hash;
  const json::value* annotations = value_at(deployment, "metadata.annotations");
  if (annotations != nullptr && annotations->is_object()) {
    json::object own = annotations->get_object();
    own.erase(kLastApplied);
    metadata["annotations"] = std::move(own);
  }
  document["metadata"] = std::move(metadata);
  write_revision(document, set.revision);
  document["spec"] = std::move(spec);
  document["status"] = json::object{{"replicas", 0}};
  return document;
}

void edit_replica_set(json::object& document, const model::ReplicaSet& after) {
  json::object& spec = object_at(document, "spec");
  const bool same = integer_at(spec, "replicas") == after.replicas &&
                    integer_at(spec, "minReadySeconds") == after.min_ready_seconds;
  if (!same) {
    json::object& metadata = object_at(document, "metadata");
    metadata["generation"] = integer_at(metadata, "generation") + 1;
  }
  spec["replicas"] = after.replicas;
  write_revision(document, after.revision);
  if (after.min_ready_seconds != 0 || spec.contains("minReadySeconds")) {
    spec["minReadySeconds"] = after.min_ready_seconds;
  }
  json::object& status = object_at(document, "status");
  status["replicas"] = after.status_replicas;
  set_count(status, "fullyLabeledReplicas", after.status_replicas);
  set_count(status, "readyReplicas", after.status_ready);
  set_count(status, "availableReplicas", after.status_available);
  status["observedGeneration"] = after.observed_generation;
}

void edit_deployment(json::object& document, const model::Deployment& after, TimePoint now) {
  write_revision(document, after.revision);
  json::object& status = object_at(document, "status");
  set_count(status, "replicas", after.status_replicas);
  set_count(status, "updatedReplicas", after.status_updated);
  set_count(status, "readyReplicas", after.status_ready);
  set_count(status, "availableReplicas", after.status_available);
  set_count(status, "unavailableReplicas",
            std::max(0, std::max(after.replicas, after.status_replicas) - after.status_available));
  status["observedGeneration"] = after.observed_generation;
  const std::int32_t least = after.replicas - controllers::rollout_limits(after).unavailable;
  const bool available = after.status_available >= least;
  set_condition(status,
                {"Available", available ? "True" : "False",
                 available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                 available ? "Deployment has minimum availability."
                           : "Deployment does not have minimum availability."},
                now);
  const bool complete = after.status_updated == after.replicas &&
                        after.status_replicas == after.replicas &&
                        after.status_available == after.replicas;
  set_condition(status,
                {"Progressing", "True", complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                 complete ? "The newest ReplicaSet has successfully progressed."
                          : "The newest ReplicaSet is progressing."},
                now);
}

void edit_daemon_set(json::object& document, const model::DaemonSet& after) {
  json::object& status = object_at(document, "status");
  status["desiredNumberScheduled"] = after.status_desired;
  status["currentNumberScheduled"] = after.status_current;
  status["updatedNumberScheduled"] = after.status_current;
  status["numberReady"] = after.status_ready;
  status["numberMisscheduled"] = 0;
  set_count(status, "numberAvailable", after.status_ready);
  set_count(status, "numberUnavailable", std::max(0, after.status_desired - after.status_ready));
  status["observedGeneration"] = after.observed_generation;
}

void edit_job(json::object& document, const model::Job& after, TimePoint now) {
  json::object& status = object_at(document, "status");
  set_count(status, "active", after.status_active);
  set_count(status, "succeeded", after.status_succeeded);
  set_count(status, "failed", after.status_failed);
  if (!status.contains("startTime")) status["startTime"] = time_text(now);
  if (after.complete && set_condition(status, {"Complete", "True", "CompletionsReached"}, now)) {
    status["completionTime"] = time_text(now);
  }
  if (after.failed) {
    set_condition(
        status,
        {"Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit"},
        now);
  }
}

void edit_disruption_budget(json::object& document, const model::PodDisruptionBudget& after,
                            TimePoint now, const model::Catalog& catalog) {
  json::object& status = object_at(document, "status");
  status["expectedPods"] = after.status_expected;
  status["currentHealthy"] = after.status_healthy;
  status["desiredHealthy"] = after.status_desired_healthy;
  status["disruptionsAllowed"] = after.status_disruptions_allowed;
  status["observedGeneration"] = integer_at(document, "metadata.generation");
  json::object disrupted;
  const json::value* known = status.if_contains("disruptedPods");
  for (const StringId name : after.disrupted_pods) {
    const std::string& text = catalog.text(name);
    const bool old = known != nullptr && known->is_object() && known->get_object().contains(text);
    disrupted[text] = old ? known->get_object().at(text) : json::value(time_text(now));
  }
  status.erase("disruptedPods");
  if (!disrupted.empty()) status["disruptedPods"] = std::move(disrupted);
}

}  // namespace arcas::real
