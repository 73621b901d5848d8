#include "real/control/stateful_set_documents.h"

#include <boost/json.hpp>
#include <charconv>
#include <utility>

#include "core/base/hash.h"
#include "real/api/object_text.h"
#include "real/api/pod_identity.h"
#include "real/control/pod_documents.h"
#include "real/control/status_edits.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

json::object object_or_empty(const json::object& holder, std::string_view path) {
  const json::value* value = value_at(holder, path);
  return value != nullptr && value->is_object() ? value->get_object() : json::object();
}

std::int32_t number_or(const json::object& set, std::string_view path, std::int32_t otherwise) {
  const json::value* value = value_at(set, path);
  return value != nullptr && value->is_number() ? static_cast<std::int32_t>(integer_at(set, path))
                                                : otherwise;
}

/// Letters that spell no words, as Kubernetes's hashes have them.
std::string hash_letters(std::uint64_t hash) {
  constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz2456789";
  std::string text;
  for (int i = 0; i < 10; ++i) {
    text += kLetters[hash % kLetters.size()];
    hash /= kLetters.size();
  }
  return text;
}

std::string pod_name(const json::object& set, std::int32_t ordinal) {
  return std::string(text_at(set, "metadata.name")) + '-' + std::to_string(ordinal);
}

/// The pod's volumes: those of the template, but for names that claims take.
json::array volumes_of(const json::object& set, const json::object& spec, std::int32_t ordinal) {
  json::array volumes;
  json::object taken;
  for (const ClaimOfPod& claim : claims_of(set, ordinal)) {
    const std::string_view name = text_at(*claim.claim, "metadata.name");
    taken[name] = true;
    volumes.emplace_back(json::object{
        {"name", name}, {"persistentVolumeClaim", json::object{{"claimName", claim.name}}}});
  }
  const json::value* own = spec.if_contains("volumes");
  if (own == nullptr || !own->is_array()) return volumes;
  for (const json::value& volume : own->get_array()) {
    const bool replaced =
        volume.is_object() && taken.contains(text_at(volume.get_object(), "name"));
    if (!replaced) volumes.push_back(volume);
  }
  return volumes;
}

}  // namespace

controllers::StatefulSetSpec stateful_set_spec(const json::object& set) {
  controllers::StatefulSetSpec spec;
  spec.replicas = number_or(set, "spec.replicas", 1);
  spec.start = number_or(set, "spec.ordinals.start", 0);
  spec.parallel = text_at(set, "spec.podManagementPolicy") == "Parallel";
  spec.on_delete = text_at(set, "spec.updateStrategy.type") == "OnDelete";
  spec.partition = number_or(set, "spec.updateStrategy.rollingUpdate.partition", 0);
  return spec;
}

std::string revision_name(const json::object& set) {
  const std::string text = json::serialize(object_or_empty(set, "spec.template"));
  return std::string(text_at(set, "metadata.name")) + '-' + hash_letters(hash_bytes(text));
}

void write_revision_document(json::object& document, const json::object& set, std::int64_t number) {
  document["apiVersion"] = "apps/v1";
  document["kind"] = "ControllerRevision";
  json::object& metadata = object_at(document, "metadata");
  json::object labels = object_or_empty(set, "spec.template.metadata.labels");
  labels[kRevisionLabel] = revision_name(set);
  metadata["labels"] = std::move(labels);
  metadata["ownerReferences"] = json::array{owner_reference(set)};
  json::object kept = object_or_empty(set, "spec.template");
  kept["$patch"] = "replace";
  document["data"] = json::object{{"spec", json::object{{"template", std::move(kept)}}}};
  document["revision"] = number;
}

json::object template_of_revision(const json::object& document) {
  json::object kept = object_or_empty(document, "data.spec.template");
  kept.erase("$patch");
  return kept;
}

std::optional<std::int32_t> ordinal_of(std::string_view set_name, std::string_view pod_name) {
  if (pod_name.size() < set_name.size() + 2 || !pod_name.starts_with(set_name)) return std::nullopt;
  pod_name.remove_prefix(set_name.size());
  if (pod_name.front() != '-') return std::nullopt;
  pod_name.remove_prefix(1);
  if (pod_name.size() > 1 && pod_name.front() == '0') return std::nullopt;
  std::int32_t ordinal = 0;
  const char* end = pod_name.data() + pod_name.size();
  const auto [at, error] = std::from_chars(pod_name.data(), end, ordinal);
  const bool good = error == std::errc() && at == end && ordinal >= 0;
  return good ? std::optional(ordinal) : std::nullopt;
}

std::vector<ClaimOfPod> claims_of(const json::object& set, std::int32_t ordinal) {
  std::vector<ClaimOfPod> claims;
  const json::value* list = value_at(set, "spec.volumeClaimTemplates");
  if (list == nullptr || !list->is_array()) return claims;
  for (const json::value& entry : list->get_array()) {
    if (!entry.is_object()) continue;
    const std::string_view name = text_at(entry.get_object(), "metadata.name");
    claims.push_back({std::string(name) + '-' + pod_name(set, ordinal), &entry.get_object()});
  }
  return claims;
}

void write_claim(json::object& document, const json::object& set, const json::object& claim) {
  document["apiVersion"] = "v1";
  document["kind"] = "PersistentVolumeClaim";
  json::object& metadata = object_at(document, "metadata");
  json::object labels = object_or_empty(claim, "metadata.labels");
  for (const auto& [key, value] : object_or_empty(set, "spec.selector.matchLabels")) {
    labels[key] = value;
  }
  metadata["labels"] = std::move(labels);
  const json::object annotations = object_or_empty(claim, "metadata.annotations");
  if (!annotations.empty()) metadata["annotations"] = annotations;
  document["spec"] = object_or_empty(claim, "spec");
  document["status"] = json::object{{"phase", "Pending"}};
}

void write_stateful_pod(json::object& document, const json::object& set,
                        const json::object& pod_template, const std::string& revision,
                        std::int32_t ordinal) {
  const std::string name = pod_name(set, ordinal);
  document["apiVersion"] = "v1";
  document["kind"] = "Pod";
  json::object& metadata = object_at(document, "metadata");
  metadata["generateName"] = std::string(text_at(set, "metadata.name")) + '-';
  json::object labels = object_or_empty(pod_template, "metadata.labels");
  labels[kRevisionLabel] = revision;
  labels["statefulset.kubernetes.io/pod-name"] = name;
  labels["apps.kubernetes.io/pod-index"] = std::to_string(ordinal);
  metadata["labels"] = std::move(labels);
  json::object annotations = object_or_empty(pod_template, "metadata.annotations");
  if (!annotations.empty()) metadata["annotations"] = std::move(annotations);
  metadata["generation"] = 1;
  metadata["ownerReferences"] = json::array{owner_reference(set)};
  json::object spec = object_or_empty(pod_template, "spec");
  spec["hostname"] = name;
  if (const std::string_view service = text_at(set, "spec.serviceName"); !service.empty()) {
    spec["subdomain"] = service;
  }
  json::array volumes = volumes_of(set, spec, ordinal);
  if (!volumes.empty()) spec["volumes"] = std::move(volumes);
  document["spec"] = std::move(spec);
  settle_pod_identity(document);
  document["status"] = json::object{{"phase", "Pending"}};
}

void write_stateful_set_status(json::object& set, const controllers::StatefulSetPlan& plan,
                               const std::string& update_revision) {
  const std::int64_t generation = integer_at(set, "metadata.generation");
  json::object& status = object_at(set, "status");
  const bool first = text_at(status, "currentRevision").empty();
  if (first || plan.update_complete) status["currentRevision"] = update_revision;
  const bool one = text_at(status, "currentRevision") == update_revision;
  status["updateRevision"] = update_revision;
  status["observedGeneration"] = generation;
  status["replicas"] = plan.replicas;
  status["readyReplicas"] = plan.ready;
  status["availableReplicas"] = plan.ready;
  status["updatedReplicas"] = plan.updated;
  status["currentReplicas"] = one ? plan.updated : plan.current;
  status["collisionCount"] = 0;
}

}  // namespace arcas::real
