#include "real/api/openapi/openapi.h"

#include <boost/json.hpp>
#include <cstdio>

#include "core/base/hash.h"
#include "real/api/openapi/definitions.h"
#include "real/api/openapi/paths.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

json::object info() { return {{"title", "arcas"}, {"version", "v1.32.0+arcas"}}; }

std::string path_of(const ServedResource& resource) {
  return resource.group.empty() ? "api/" + resource.version
                                : "apis/" + resource.group + '/' + resource.version;
}

/// Changes with the document, so that clients can keep it.
std::string hash_of(const json::object& document) {
  HashChain hash;
  hash.add(json::serialize(document));
  return hash.hex();
}

}  // namespace

json::object openapi_v3_document(const Schema& schema, std::span<const ServedResource> served,
                                 std::string_view group, std::string_view version) {
  OpenApiDefinitions definitions(schema, OpenApiVersion::v3);
  definitions.only_version(group, version);
  json::object paths;
  for (const ServedResource& resource : served) {
    if (resource.group != group || resource.version != version) continue;
    add_openapi_paths(schema, resource, OpenApiVersion::v3, definitions, paths);
  }
  if (paths.empty()) return {};
  return {{"openapi", "3.0.0"},
          {"info", info()},
          {"paths", std::move(paths)},
          {"components", json::object{{"schemas", definitions.all()}}}};
}

json::object openapi_v3_index(const Schema& schema, std::span<const ServedResource> served) {
  json::object paths;
  for (const ServedResource& resource : served) {
    const std::string path = path_of(resource);
    if (paths.contains(path)) continue;
    const json::object document =
        openapi_v3_document(schema, served, resource.group, resource.version);
    paths[path] = json::object{
        {"serverRelativeURL", json::string("/openapi/v3/" + path + "?hash=" + hash_of(document))}};
  }
  return {{"paths", std::move(paths)}};
}

json::object openapi_v2_document(const Schema& schema, std::span<const ServedResource> served) {
  OpenApiDefinitions definitions(schema, OpenApiVersion::v2);
  json::object paths;
  for (const ServedResource& resource : served) {
    add_openapi_paths(schema, resource, OpenApiVersion::v2, definitions, paths);
  }
  return {{"swagger", "2.0"},
          {"info", info()},
          {"paths", std::move(paths)},
          {"definitions", definitions.all()}};
}

}  // namespace arcas::real
