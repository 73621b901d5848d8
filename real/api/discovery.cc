#include "real/api/discovery.h"

#include <boost/json.hpp>

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::string_view kObjectVerbs[] = {"create", "delete", "deletecollection", "get",
                                             "list",   "patch",  "update",           "watch"};
constexpr std::string_view kSubresourceVerbs[] = {"get", "patch", "update"};

json::array words(auto&& list) {
  json::array array;
  for (const auto& word : list) array.emplace_back(std::string_view(word));
  return array;
}

std::string api_version(std::string_view group, std::string_view version) {
  return group.empty() ? std::string(version) : std::string(group) + '/' + std::string(version);
}

json::object resource_entry(std::string name, const KindInfo& kind, json::array verbs) {
  return {{"name", std::move(name)},
          {"singularName", ""},
          {"namespaced", kind.scope == KindScope::name_space},
          {"tenanted", kind.scope != KindScope::cluster},
          {"kind", kind.kind},
          {"verbs", std::move(verbs)}};
}

/// A subresource whose objects are of another kind.
json::object subresource_entry(const KindInfo& kind, std::string_view name, std::string_view group,
                               std::string_view version, std::string_view of_kind,
                               json::array verbs) {
  json::object entry =
      resource_entry(kind.plural + '/' + std::string(name), kind, std::move(verbs));
  if (!group.empty()) entry["group"] = group;
  entry["version"] = version;
  entry["kind"] = of_kind;
  return entry;
}

void append_kind(json::array& list, const KindInfo& kind) {
  json::object entry = resource_entry(kind.plural, kind, words(kObjectVerbs));
  entry["singularName"] = kind.singular;
  if (!kind.short_names.empty()) entry["shortNames"] = words(kind.short_names);
  if (!kind.categories.empty()) entry["categories"] = words(kind.categories);
  list.emplace_back(std::move(entry));
  if (kind.status) {
    list.emplace_back(resource_entry(kind.plural + "/status", kind, words(kSubresourceVerbs)));
  }
  if (kind.scale) {
    list.emplace_back(
        subresource_entry(kind, "scale", "autoscaling", "v1", "Scale", words(kSubresourceVerbs)));
  }
  if (kind.resource() == "serviceaccounts") {
    list.emplace_back(subresource_entry(kind, "token", "authentication.k8s.io", "v1",
                                        "TokenRequest", json::array{"create"}));
  }
  if (kind.resource() == "pods") {
    list.emplace_back(
        subresource_entry(kind, "binding", "", "v1", "Binding", json::array{"create"}));
    list.emplace_back(
        subresource_entry(kind, "eviction", "policy", "v1", "Eviction", json::array{"create"}));
    list.emplace_back(resource_entry("pods/log", kind, json::array{"get"}));
    for (const auto& [name, options] :
         {std::pair("exec", "PodExecOptions"), std::pair("attach", "PodAttachOptions"),
          std::pair("portforward", "PodPortForwardOptions")}) {
      list.emplace_back(
          subresource_entry(kind, name, "", "v1", options, json::array{"create", "get"}));
    }
  }
}

json::array resource_list(const KindTable& kinds, std::string_view group,
                          std::string_view version) {
  json::array list;
  for (const KindInfo& kind : kinds.all()) {
    if (kind.group == group && kind.version == version) append_kind(list, kind);
  }
  return list;
}

json::object version_entry(std::string_view group, std::string_view version) {
  return {{"groupVersion", api_version(group, version)}, {"version", version}};
}

json::object group_entry(const KindTable& kinds, std::string_view group) {
  const std::vector<std::string> versions = kinds.versions(group);
  if (versions.empty()) return {};
  json::array list;
  for (const std::string& version : versions) list.emplace_back(version_entry(group, version));
  return {{"name", group},
          {"versions", std::move(list)},
          {"preferredVersion", version_entry(group, versions.front())}};
}

json::object aggregated_kind(std::string_view group, std::string_view version,
                             const json::object& entry) {
  const auto text = [&entry](std::string_view name, std::string_view absent) {
    const json::value* value = entry.if_contains(name);
    return value == nullptr ? std::string(absent) : std::string(value->as_string());
  };
  return {{"group", text("group", entry.contains("version") ? "" : group)},
          {"version", text("version", version)},
          {"kind", text("kind", "")}};
}

/// One version's list in the form of aggregated discovery: subresources stand under their resource.
json::array aggregated_resources(const KindTable& kinds, std::string_view group,
                                 std::string_view version) {
  json::array list;
  for (const json::value& value : resource_list(kinds, group, version)) {
    const json::object& entry = value.as_object();
    const std::string_view name = entry.at("name").as_string();
    const std::size_t slash = name.find('/');
    if (slash != std::string_view::npos) {
      json::object sub{{"subresource", name.substr(slash + 1)},
                       {"responseKind", aggregated_kind(group, version, entry)},
                       {"verbs", entry.at("verbs")}};
      for (json::value& parent : list) {
        json::object& holder = parent.as_object();
        if (std::string_view(holder.at("resource").as_string()) != name.substr(0, slash)) continue;
        if (!holder.contains("subresources")) holder["subresources"] = json::array();
        holder["subresources"].as_array().emplace_back(sub);
      }
      continue;
    }
    json::object resource{{"resource", name},
                          {"responseKind", aggregated_kind(group, version, entry)},
                          {"scope", entry.at("namespaced").as_bool() ? "Namespaced" : "Cluster"},
                          {"singularResource", entry.at("singularName")},
                          {"verbs", entry.at("verbs")}};
    for (const char* extra : {"shortNames", "categories"}) {
      if (const json::value* words_of = entry.if_contains(extra)) resource[extra] = *words_of;
    }
    list.emplace_back(std::move(resource));
  }
  return list;
}

json::object aggregated_group(const KindTable& kinds, std::string_view group) {
  json::array versions;
  for (const std::string& version : kinds.versions(group)) {
    versions.emplace_back(json::object{{"version", version},
                                       {"resources", aggregated_resources(kinds, group, version)},
                                       {"freshness", "Current"}});
  }
  json::object metadata;
  if (!group.empty()) metadata["name"] = group;
  return {{"metadata", std::move(metadata)}, {"versions", std::move(versions)}};
}

}  // namespace

json::value core_versions_document(std::string_view server_address) {
  return {
      {"kind", "APIVersions"},
      {"versions", json::array{"v1"}},
      {"serverAddressByClientCIDRs",
       json::array{json::object{{"clientCIDR", "0.0.0.0/0"}, {"serverAddress", server_address}}}}};
}

json::value version_document() {
  return {{"major", "1"},    {"minor", "32"},      {"gitVersion", "v1.32.0+arcas"},
          {"gitCommit", ""}, {"gitTreeState", ""}, {"buildDate", ""},
          {"goVersion", ""}, {"compiler", ""},     {"platform", "linux/amd64"}};
}

json::value groups_document(const KindTable& kinds) {
  json::array groups;
  for (const std::string& group : kinds.groups()) groups.emplace_back(group_entry(kinds, group));
  return {{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", std::move(groups)}};
}

json::value group_document(const KindTable& kinds, std::string_view group) {
  json::object entry = group_entry(kinds, group);
  if (group.empty() || entry.empty()) return nullptr;
  entry["kind"] = "APIGroup";
  entry["apiVersion"] = "v1";
  return entry;
}

json::value resources_document(const KindTable& kinds, std::string_view group,
                               std::string_view version) {
  json::array list = resource_list(kinds, group, version);
  if (list.empty()) return nullptr;
  return {{"kind", "APIResourceList"},
          {"apiVersion", "v1"},
          {"groupVersion", api_version(group, version)},
          {"resources", std::move(list)}};
}

json::value aggregated_document(const KindTable& kinds, bool core, std::string_view version) {
  json::array items;
  if (core) items.emplace_back(aggregated_group(kinds, ""));
  for (const std::string& group : core ? std::vector<std::string>() : kinds.groups()) {
    items.emplace_back(aggregated_group(kinds, group));
  }
  return {{"kind", "APIGroupDiscoveryList"},
          {"apiVersion", "apidiscovery.k8s.io/" + std::string(version)},
          {"metadata", json::object()},
          {"items", std::move(items)}};
}

}  // namespace arcas::real
