#include "real/control/cluster_documents.h"

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "core/manifest/cluster_objects.h"
#include "real/api/object_text.h"
#include "real/control/status_edits.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

/// "1500m", "4", "16384Ki", "1000000001".
std::string amount_text(ResourceId kind, std::int64_t amount) {
  constexpr std::int64_t kKibi = 1024;
  if (kind == model::kCpu) {
    return amount % 1000 == 0 ? std::to_string(amount / 1000) : std::to_string(amount) + 'm';
  }
  const bool bytes = kind == model::kMemory || kind == model::kEphemeralStorage;
  return bytes && amount != 0 && amount % kKibi == 0 ? std::to_string(amount / kKibi) + "Ki"
                                                     : std::to_string(amount);
}

json::object amounts_of(const model::ResourceList& list, const model::Catalog& catalog) {
  json::object amounts;
  for (const auto& item : list.items()) {
    amounts[catalog.resources.text(item.kind)] = amount_text(item.kind, item.amount);
  }
  return amounts;
}

std::string_view status_text(model::ConditionStatus status) {
  switch (status) {
    case model::ConditionStatus::yes:
      return "True";
    case model::ConditionStatus::no:
      return "False";
    case model::ConditionStatus::unknown:
      break;
  }
  return "Unknown";
}

json::array taints_of(const model::Node& node, const model::Catalog& catalog) {
  json::array list;
  for (const model::Taint& taint : node.taints) {
    json::object entry{{"key", catalog.text(taint.key)},
                       {"effect", taint_effect_text(taint.effect)}};
    if (taint.value.valid()) entry["value"] = catalog.text(taint.value);
    if (taint.added_ns != 0) entry["timeAdded"] = time_text(TimePoint{taint.added_ns});
    list.emplace_back(std::move(entry));
  }
  return list;
}

void write_conditions(json::object& status, const model::Node& node, TimePoint now) {
  const bool heard = node.ready != model::ConditionStatus::unknown;
  const auto set = [&](std::string_view type, model::ConditionStatus value,
                       std::string_view reason) {
    set_condition(status, {type, status_text(value), heard ? reason : "NodeStatusUnknown"}, now);
  };
  set("MemoryPressure", node.pressure.memory, "KubeletHasSufficientMemory");
  set("DiskPressure", node.pressure.disk, "KubeletHasNoDiskPressure");
  set("PIDPressure", node.pressure.pid, "KubeletHasSufficientPID");
  set("ContainerRuntimeReady", node.container_runtime_ready, "RuntimeReady");
  set("VmRuntimeReady", node.vm_runtime_ready, "RuntimeReady");
  set("Ready", node.ready, "KubeletReady");
}

void write_new_node(json::object& document, const model::Node& node,
                    const model::Catalog& catalog) {
  json::object& metadata = object_at(document, "metadata");
  json::object& labels = object_at(metadata, "labels");
  for (const auto& [key, value] : catalog.label_sets[node.meta.labels].items()) {
    labels[catalog.text(key)] = catalog.text(value);
  }
  json::object& status = object_at(document, "status");
  status["capacity"] = amounts_of(node.allocatable, catalog);
  status["nodeInfo"] = json::object{
      {"architecture", "amd64"}, {"operatingSystem", "linux"}, {"kubeletVersion", "v1.32.0+arcas"}};
  status["addresses"] = json::array{
      json::object{{"type", "Hostname"}, {"address", catalog.name_text(node.meta.name)}}};
}

template <class Object>
void edit_place(json::object& document, const Object& after) {
  json::object& status = object_at(document, "status");
  status["phase"] = after.phase == model::TenantPhase::active ? "Active" : "Terminating";
  if (!after.meta.terminating()) return;
  json::object& metadata = object_at(document, "metadata");
  if (!metadata.contains("deletionTimestamp")) {
    metadata["deletionTimestamp"] = time_text(after.meta.deleted_at);
  }
}

}  // namespace

void edit_node(json::object& document, const model::Node& after, TimePoint now,
               const model::Catalog& catalog) {
  if (!document.contains("status")) write_new_node(document, after, catalog);
  json::object& spec = object_at(document, "spec");
  spec.erase("unschedulable");
  if (after.unschedulable) spec["unschedulable"] = true;
  spec.erase("taints");
  if (!after.taints.empty()) spec["taints"] = taints_of(after, catalog);
  json::object& status = object_at(document, "status");
  status["allocatable"] = amounts_of(after.allocatable, catalog);
  write_conditions(status, after, now);
  object_at(object_at(document, "metadata"), "annotations")[kAgentEpoch] =
      std::to_string(after.agent_epoch);
}

void edit_lease(json::object& document, const model::Lease& after, const CoreDocuments& documents) {
  json::object& spec = object_at(document, "spec");
  const std::string holder = documents.holder_text(after.holder);
  if (text_at(spec, "holderIdentity") != holder) spec["acquireTime"] = time_text(after.renewed_at);
  spec["holderIdentity"] = holder;
  spec["leaseTransitions"] = static_cast<std::int64_t>(after.epoch);
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  spec["leaseDurationSeconds"] = after.duration.ns / kNanoseconds;
  spec["renewTime"] = time_text(after.renewed_at);
  if (after.spent.as_of.ns < 0) return;
  object_at(object_at(document, "metadata"), "annotations")[manifest::kSpentEvictions] =
      manifest::spent_text(after.spent);
}

void edit_namespace(json::object& document, const model::Namespace& after) {
  edit_place(document, after);
}

void edit_tenant(json::object& document, const model::Tenant& after) {
  edit_place(document, after);
}

void edit_quota(json::object& document, const model::ResourceQuota& after,
                const model::Catalog& catalog) {
  json::object used;
  const json::value* hard = value_at(document, "spec.hard");
  if (hard != nullptr && hard->is_object()) {
    constexpr std::string_view kRequests = "requests.";
    for (const auto& member : hard->get_object()) {
      std::string_view kind = member.key();
      if (kind.starts_with(kRequests)) kind.remove_prefix(kRequests.size());
      const ResourceId id = catalog.resources.find(kind);
      if (id.valid() && after.used.has(id)) {
        used[member.key()] = amount_text(id, after.used.get(id));
      }
    }
    object_at(document, "status")["hard"] = *hard;
  }
  object_at(document, "status")["used"] = std::move(used);
}

}  // namespace arcas::real
