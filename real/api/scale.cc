#include "real/api/scale.h"

#include <boost/json.hpp>
#include <limits>

#include "core/manifest/document.h"
#include "real/api/label_match.h"
#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

json::object copied(const json::object& from, std::initializer_list<std::string_view> members) {
  json::object result;
  for (const std::string_view member : members) {
    if (const json::value* value = from.if_contains(member)) result[member] = *value;
  }
  return result;
}

}  // namespace

json::object scale_of(const json::object& workload) {
  json::object metadata;
  if (const json::value* own = workload.if_contains("metadata");
      own != nullptr && own->is_object()) {
    metadata = copied(own->get_object(), {"name", "namespace", "tenant", "uid", "resourceVersion",
                                          "creationTimestamp"});
  }
  json::object status{{"replicas", integer_at(workload, "status.replicas")}};
  if (const json::value* selector = value_at(workload, "spec.selector");
      selector != nullptr && selector->is_object()) {
    status["selector"] = json::string(selector_of(selector->get_object()).text());
  }
  return {{"kind", "Scale"},
          {"apiVersion", "autoscaling/v1"},
          {"metadata", std::move(metadata)},
          {"spec", json::object{{"replicas", integer_at(workload, "spec.replicas")}}},
          {"status", std::move(status)}};
}

Expected<json::object> scaled(const json::object& workload, const json::object& scale) {
  if ((!text_at(scale, "kind").empty() && text_at(scale, "kind") != "Scale") ||
      (!text_at(scale, "apiVersion").empty() && text_at(scale, "apiVersion") != "autoscaling/v1")) {
    return Status::invalid("the object provided is no Scale of autoscaling/v1");
  }
  const json::value* replicas = value_at(scale, "spec.replicas");
  const std::int64_t* number = replicas == nullptr ? nullptr : replicas->if_int64();
  if ((replicas != nullptr && number == nullptr) ||
      (number != nullptr && (*number < 0 || *number > std::numeric_limits<std::int32_t>::max()))) {
    return Status::invalid("spec.replicas: " + manifest::quoted(json::serialize(*replicas)) +
                           " is no whole number from 0 to 2147483647");
  }
  for (const char* member : {"metadata.name", "metadata.uid", "metadata.resourceVersion"}) {
    const std::string_view said = text_at(scale, member);
    if (said.empty() || said == text_at(workload, member)) continue;
    return Status::conflict(std::string(member) + " is another");
  }
  json::object result = workload;
  object_at(result, "spec")["replicas"] = number == nullptr ? 0 : *number;
  return result;
}

}  // namespace arcas::real
