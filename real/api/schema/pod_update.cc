#include "real/api/schema/pod_update.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <string>

namespace arcas::real {
namespace json = boost::json;
namespace {

/// A spec without what may change.
json::object fixed_part(const json::object& pod) {
  const json::value* value = pod.if_contains("spec");
  json::object spec = value != nullptr && value->is_object() ? value->get_object() : json::object();
  for (const char* member : {"activeDeadlineSeconds", "ephemeralContainers", "nics", "resources",
                             "schedulingGates", "tolerations", "virtualMachine", "workloadInfo"}) {
    spec.erase(member);
  }
  for (const char* list : {"containers", "initContainers"}) {
    json::value* containers = spec.if_contains(list);
    if (containers == nullptr || !containers->is_array()) continue;
    for (json::value& container : containers->get_array()) {
      if (!container.is_object()) continue;
      for (const char* member : {"image", "resizePolicy", "resources", "resourcesAllocated"}) {
        container.get_object().erase(member);
      }
    }
  }
  return spec;
}

json::array list_of(const json::object& pod, std::string_view member) {
  const json::value* spec = pod.if_contains("spec");
  const json::value* list =
      spec == nullptr || !spec->is_object() ? nullptr : spec->get_object().if_contains(member);
  return list != nullptr && list->is_array() ? list->get_array() : json::array();
}

/// Is every entry of `part` in `whole`? Cost: O(n log n).
bool is_part(const json::array& part, const json::array& whole) {
  std::set<std::string> texts;
  for (const json::value& entry : whole) texts.insert(json::serialize(entry));
  return std::all_of(part.begin(), part.end(), [&texts](const json::value& entry) {
    return texts.contains(json::serialize(entry));
  });
}

}  // namespace

std::vector<FieldProblem> pod_update_problems(const json::object& before,
                                              const json::object& after) {
  std::vector<FieldProblem> problems;
  const auto forbid = [&problems](std::string field, std::string what) {
    problems.push_back({std::move(field), "FieldValueForbidden", "Forbidden: " + std::move(what)});
  };
  if (fixed_part(before) != fixed_part(after)) {
    forbid("spec",
           "pod updates may not change fields other than images, resources, the virtual machine, "
           "nics, activeDeadlineSeconds, schedulingGates (only removals) and tolerations (only "
           "additions)");
  }
  if (!is_part(list_of(before, "tolerations"), list_of(after, "tolerations"))) {
    forbid("spec.tolerations", "existing tolerations may not be changed");
  }
  if (!is_part(list_of(after, "schedulingGates"), list_of(before, "schedulingGates"))) {
    forbid("spec.schedulingGates", "gates may be removed, not added");
  }
  return problems;
}

}  // namespace arcas::real
