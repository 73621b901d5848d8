#include "real/api/openapi_documents.h"

#include <algorithm>
#include <boost/json.hpp>

namespace arcas::real {
namespace json = boost::json;

OpenApiDocuments::OpenApiDocuments(const KindTable& kinds, const Schema& schema,
                                   OpenApiDocuments* base)
    : schema_(schema), base_(base) {
  for (const KindInfo& kind : kinds.all()) {
    served_.push_back({kind.group, kind.version, kind.kind, kind.plural,
                       kind.scope == KindScope::name_space, kind.status, kind.scale});
    if (kind.custom) custom_.push_back(served_.back());
  }
}

/// The base's index and the custom groups beside it.
std::string OpenApiDocuments::index() {
  if (base_ == nullptr) return json::serialize(openapi_v3_index(schema_, served_));
  json::object paths = json::parse(base_->kept("v3")).at("paths").as_object();
  const json::object own = openapi_v3_index(schema_, custom_);
  for (const auto& [path, entry] : own.at("paths").as_object()) paths[path] = entry;
  return json::serialize(json::object{{"paths", std::move(paths)}});
}

const std::string& OpenApiDocuments::kept(const std::string& name) {
  const auto found = texts_.find(name);
  if (found != texts_.end()) return found->second;
  std::string text;
  if (name == "v2") {
    text = json::serialize(openapi_v2_document(schema_, served_));
  } else if (name == "v2 protobuf") {
    text = openapi_v2_protobuf(openapi_v2_document(schema_, served_));
  } else if (name == "v3") {
    text = index();
  } else {
    const std::size_t slash = name.find('/');
    const std::string group = name.substr(0, slash);
    const std::string version = name.substr(slash + 1);
    const bool own = std::any_of(custom_.begin(), custom_.end(), [&](const ServedResource& entry) {
      return entry.group == group && entry.version == version;
    });
    if (base_ != nullptr && !own) return base_->kept(name);
    const json::object document = openapi_v3_document(schema_, served_, group, version);
    if (!document.empty()) text = json::serialize(document);
  }
  return texts_.emplace(name, std::move(text)).first->second;
}

std::optional<OpenApiDocuments::Document> OpenApiDocuments::find(
    const std::vector<std::string>& segments, std::string_view accept) {
  constexpr std::string_view kJson = "application/json";
  const bool v2 = segments.size() == 2 && segments[1] == "v2";
  // The '@' that clients ask with is no part of a media type; what they read has a dot.
  if (v2 && accept.find("proto-openapi.spec.v2") != std::string_view::npos) {
    return Document{kept("v2 protobuf"),
                    "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"};
  }
  if (v2) return Document{kept("v2"), kJson};
  if (segments.size() < 2 || segments[1] != "v3") return std::nullopt;
  if (segments.size() == 2) return Document{kept("v3"), kJson};
  const bool core = segments.size() == 4 && segments[2] == "api";
  const bool named = segments.size() == 5 && segments[2] == "apis";
  for (const ServedResource& resource : served_) {
    const bool is_it =
        core ? resource.group.empty() && resource.version == segments[3]
             : named && resource.group == segments[3] && resource.version == segments[4];
    if (is_it) return Document{kept(resource.group + '/' + resource.version), kJson};
  }
  return std::nullopt;
}

}  // namespace arcas::real
