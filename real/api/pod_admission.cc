#include "real/api/pod_admission.h"

#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/access/limit_range.h"
#include "core/access/pod_priority.h"
#include "core/access/pod_quota.h"
#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

using access::Amounts;
using access::ContainerDemand;
using access::LimitRangeEntry;

Amounts amounts_at(const json::object& object, std::string_view path) {
  Amounts amounts;
  const json::value* given = value_at(object, path);
  if (given == nullptr || !given->is_object()) return amounts;
  for (const auto& [resource, text] : given->get_object()) {
    if (!text.is_string()) continue;
    if (auto amount = model::Quantity::parse(text.get_string())) {
      amounts.emplace(resource, std::move(*amount));
    }
  }
  return amounts;
}

/// The documents of a resource, each as an object.
template <class Take>
void each(const DocumentStore& documents, const DocumentScope& scope, Take take) {
  const Expected<DocumentPage> page = documents.list(scope, std::nullopt, 0, 0);
  if (!page) return;
  for (const Document& document : page->documents) take(stored_object(*document.json));
}

std::vector<LimitRangeEntry> limit_ranges(const DocumentStore& documents, const std::string& tenant,
                                          const std::string& name_space) {
  std::vector<LimitRangeEntry> entries;
  each(documents, {"limitranges", tenant, name_space}, [&](const json::object& range) {
    const json::value* limits = value_at(range, "spec.limits");
    if (limits == nullptr || !limits->is_array()) return;
    for (const json::value& value : limits->get_array()) {
      if (!value.is_object()) continue;
      const json::object& limit = value.get_object();
      const std::string_view type = text_at(limit, "type");
      if (type != "Container" && type != "Pod") continue;
      entries.push_back(
          {type == "Pod" ? LimitRangeEntry::Type::pod : LimitRangeEntry::Type::container,
           amounts_at(limit, "min"), amounts_at(limit, "max"),
           amounts_at(limit, "maxLimitRequestRatio"), amounts_at(limit, "default"),
           amounts_at(limit, "defaultRequest")});
    }
  });
  return entries;
}

std::vector<access::PriorityLevel> priority_levels(const DocumentStore& documents) {
  std::vector<access::PriorityLevel> levels;
  each(documents, {"priorityclasses.scheduling.k8s.io", "", ""}, [&](const json::object& found) {
    const json::value* is_default = value_at(found, "globalDefault");
    levels.push_back({std::string(text_at(found, "metadata.name")),
                      static_cast<std::int32_t>(integer_at(found, "value")),
                      is_default != nullptr && is_default->is_bool() && is_default->get_bool(),
                      text_at(found, "preemptionPolicy") == "Never"});
  });
  return levels;
}

Status set_priority(const DocumentStore& documents, json::object& spec) {
  std::optional<std::int64_t> given;
  if (const json::value* number = value_at(spec, "priority")) {
    if (number->is_int64()) given = number->get_int64();
  }
  const Expected<access::PriorityLevel> level = access::priority_of_new_pod(
      priority_levels(documents), std::string(text_at(spec, "priorityClassName")), given);
  if (!level) return level.error();
  if (!level->name.empty()) spec["priorityClassName"] = level->name;
  spec["priority"] = level->value;
  if (!spec.contains("preemptionPolicy")) {
    spec["preemptionPolicy"] = level->never_preempts ? "Never" : "PreemptLowerPriority";
  }
  return Status::success();
}

void add_missing(const Amounts& amounts, const char* member, json::object& container) {
  for (const auto& [resource, amount] : amounts) {
    json::object& there = object_at(object_at(container, "resources"), member);
    if (!there.contains(resource)) there[resource] = amount.text();
  }
}

/// What the containers of a pod's spec ask for, the initial ones first.
std::vector<ContainerDemand> demands_of(const json::object& spec) {
  std::vector<ContainerDemand> demands;
  for (const char* list : {"initContainers", "containers"}) {
    const json::value* containers = spec.if_contains(list);
    if (containers == nullptr || !containers->is_array()) continue;
    for (const json::value& container : containers->get_array()) {
      if (!container.is_object()) continue;
      const json::object& object = container.get_object();
      demands.push_back({list[0] == 'i', amounts_at(object, "resources.requests"),
                         amounts_at(object, "resources.limits"),
                         std::string(text_at(object, "name"))});
    }
  }
  return demands;
}

Status set_resources(const std::vector<LimitRangeEntry>& entries, json::object& spec) {
  std::vector<ContainerDemand> demands = demands_of(spec);
  auto demand = demands.begin();
  for (const char* list : {"initContainers", "containers"}) {
    json::value* containers = spec.if_contains(list);
    if (containers == nullptr || !containers->is_array()) continue;
    for (json::value& container : containers->get_array()) {
      if (!container.is_object()) continue;
      access::fill_in_defaults(entries, *demand);
      add_missing(demand->limits, "limits", container.get_object());
      add_missing(demand->requests, "requests", container.get_object());
      ++demand;
    }
  }
  const std::vector<std::string> problems = access::limit_range_problems(entries, demands);
  if (problems.empty()) return Status::success();
  std::string all;
  for (const std::string& problem : problems) all += (all.empty() ? "" : ", ") + problem;
  return {StatusCode::forbidden, problems.size() == 1 ? all : '[' + all + ']'};
}

}  // namespace

Status admit_new_pod(const DocumentStore& documents, const std::string& tenant,
                     const std::string& name_space, json::object& pod) {
  json::object spec = object_at(pod, "spec");
  if (Status status = set_priority(documents, spec); !status.ok()) return status;
  const std::vector<LimitRangeEntry> entries = limit_ranges(documents, tenant, name_space);
  if (!entries.empty()) {
    if (Status status = set_resources(entries, spec); !status.ok()) return status;
  }
  pod["spec"] = std::move(spec);
  return Status::success();
}

Expected<std::vector<DocumentWrite>> quota_charges(const DocumentStore& documents,
                                                   const std::string& tenant,
                                                   const std::string& name_space,
                                                   const json::object& pod) {
  std::vector<DocumentWrite> writes;
  const Expected<DocumentPage> page =
      documents.list({"resourcequotas", tenant, name_space}, std::nullopt, 0, 0);
  if (!page || page->documents.empty()) return writes;
  const json::value* spec = value_at(pod, "spec");
  const std::vector<ContainerDemand> demands = spec != nullptr && spec->is_object()
                                                   ? demands_of(spec->get_object())
                                                   : std::vector<ContainerDemand>();
  for (const Document& document : page->documents) {
    json::object quota = stored_object(*document.json);
    const auto used = access::charged(
        {document.key.name, amounts_at(quota, "spec.hard"), amounts_at(quota, "status.used")},
        demands);
    if (!used) return used.error();
    json::object& status = object_at(quota, "status");
    if (const json::value* hard = value_at(quota, "spec.hard")) status["hard"] = *hard;
    json::object& amounts = object_at(status, "used");
    for (const auto& [word, amount] : *used) amounts[word] = amount.text();
    DocumentWrite write;
    write.verb = DocumentWrite::Verb::update;
    write.key = document.key;
    write.uid = document.uid;
    write.expected = document.revision;
    write.json = std::make_shared<const std::string>(stored_text(std::move(quota)));
    if (*write.json != *document.json) writes.push_back(std::move(write));
  }
  return writes;
}

}  // namespace arcas::real
