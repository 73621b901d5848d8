#include "real/auth/role_documents.h"

#include <boost/json.hpp>
#include <initializer_list>
#include <utility>

#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

std::vector<std::string> words_at(const json::object& holder, std::string_view member) {
  std::vector<std::string> words;
  const json::value* list = holder.if_contains(member);
  if (list == nullptr || !list->is_array()) return words;
  for (const json::value& word : list->get_array()) {
    if (word.is_string()) words.emplace_back(word.get_string());
  }
  return words;
}

const json::array* list_at(const json::object& holder, std::string_view member) {
  const json::value* list = holder.if_contains(member);
  return list != nullptr && list->is_array() ? &list->get_array() : nullptr;
}

json::array list_of(const std::vector<std::string>& words) {
  json::array list;
  for (const std::string& word : words) list.emplace_back(word);
  return list;
}

json::array list_of(std::initializer_list<const char*> words) {
  json::array list;
  for (const char* word : words) list.emplace_back(word);
  return list;
}

json::object rule(std::initializer_list<const char*> verbs,
                  std::initializer_list<const char*> groups,
                  std::initializer_list<const char*> resources) {
  return {
      {"verbs", list_of(verbs)}, {"apiGroups", list_of(groups)}, {"resources", list_of(resources)}};
}

json::object role(const char* name, json::array rules) {
  return {{"apiVersion", std::string(kRbacGroup) + "/v1"},
          {"kind", "ClusterRole"},
          {"metadata", json::object{{"name", name}}},
          {"rules", std::move(rules)}};
}

// What users of a namespace work with. Source of the idea, not of the lists: Kubernetes's
// user-facing roles.
json::array reading() {
  return {rule({"get", "list", "watch"}, {""},
               {"pods", "pods/log", "pods/status", "services", "endpoints", "configmaps",
                "serviceaccounts", "events", "persistentvolumeclaims", "replicationcontrollers",
                "limitranges", "resourcequotas", "namespaces", "actions"}),
          rule({"get", "list", "watch"},
               {"apps", "batch", "autoscaling", "policy", "networking.k8s.io", "discovery.k8s.io",
                "coordination.k8s.io"},
               {"*"})};
}

json::array writing() {
  json::array rules = reading();
  const auto writes = {"create", "update", "patch", "delete", "deletecollection"};
  rules.emplace_back(rule({"get", "list", "watch"}, {""}, {"secrets"}));
  rules.emplace_back(rule(
      writes, {""},
      {"pods", "pods/exec", "pods/attach", "pods/portforward", "pods/eviction", "services",
       "endpoints", "configmaps", "secrets", "serviceaccounts", "events", "persistentvolumeclaims",
       "replicationcontrollers", "replicationcontrollers/scale", "actions"}));
  rules.emplace_back(rule(writes,
                          {"apps", "batch", "autoscaling", "policy", "networking.k8s.io",
                           "discovery.k8s.io", "coordination.k8s.io"},
                          {"*"}));
  return rules;
}

}  // namespace

std::vector<access::PolicyRule> read_rules(const json::object& role) {
  std::vector<access::PolicyRule> rules;
  const json::array* list = list_at(role, "rules");
  if (list == nullptr) return rules;
  for (const json::value& entry : *list) {
    if (!entry.is_object()) continue;
    const json::object& object = entry.get_object();
    rules.push_back({words_at(object, "verbs"), words_at(object, "apiGroups"),
                     words_at(object, "resources"), words_at(object, "resourceNames"),
                     words_at(object, "nonResourceURLs")});
  }
  return rules;
}

json::array rules_of_objects(const std::vector<const access::PolicyRule*>& rules) {
  json::array list;
  for (const access::PolicyRule* one : rules) {
    if (one->resources.empty()) continue;
    json::object entry{{"verbs", list_of(one->verbs)},
                       {"apiGroups", list_of(one->groups)},
                       {"resources", list_of(one->resources)}};
    if (!one->names.empty()) entry["resourceNames"] = list_of(one->names);
    list.emplace_back(std::move(entry));
  }
  return list;
}

json::array rules_of_paths(const std::vector<const access::PolicyRule*>& rules) {
  json::array list;
  for (const access::PolicyRule* one : rules) {
    if (one->paths.empty()) continue;
    list.emplace_back(
        json::object{{"verbs", list_of(one->verbs)}, {"nonResourceURLs", list_of(one->paths)}});
  }
  return list;
}

access::RoleBinding read_binding(const json::object& binding) {
  using Kind = access::RoleSubject::Kind;
  access::RoleBinding result;
  result.of_cluster_role = text_at(binding, "roleRef.kind") == "ClusterRole";
  result.role = text_at(binding, "roleRef.name");
  const json::array* subjects = list_at(binding, "subjects");
  if (subjects == nullptr) return result;
  for (const json::value& entry : *subjects) {
    if (!entry.is_object()) continue;
    const json::object& object = entry.get_object();
    const std::string_view kind = text_at(object, "kind");
    access::RoleSubject subject;
    subject.name = text_at(object, "name");
    if (kind == "User") {
      subject.kind = Kind::user;
    } else if (kind == "Group") {
      subject.kind = Kind::group;
    } else if (kind == "ServiceAccount") {
      subject.kind = Kind::service_account;
      subject.name_space = text_at(object, "namespace");
    } else {
      continue;
    }
    result.subjects.push_back(std::move(subject));
  }
  return result;
}

std::vector<json::object> default_roles() {
  json::object everything = rule({"*"}, {"*"}, {"*"});
  json::object every_path{{"verbs", list_of({"*"})}, {"nonResourceURLs", list_of({"*"})}};
  json::array granting = writing();
  granting.emplace_back(rule({"get", "list", "watch", "create", "update", "patch", "delete"},
                             {kRbacGroup.data()}, {"roles", "rolebindings"}));
  json::object binding{
      {"apiVersion", std::string(kRbacGroup) + "/v1"},
      {"kind", "ClusterRoleBinding"},
      {"metadata", json::object{{"name", "cluster-admin"}}},
      {"roleRef",
       json::object{{"apiGroup", kRbacGroup}, {"kind", "ClusterRole"}, {"name", "cluster-admin"}}},
      {"subjects", json::array{json::object{
                       {"apiGroup", kRbacGroup}, {"kind", "Group"}, {"name", access::kMasters}}}}};
  return {role("cluster-admin", {std::move(everything), std::move(every_path)}),
          role("admin", std::move(granting)), role("edit", writing()), role("view", reading()),
          std::move(binding)};
}

}  // namespace arcas::real
