#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/expected.h"

namespace arcas::real {

/// What a request's path names.
///
/// Tenants stand in a path in two ways: behind the version, as Arktos has them
/// ("/api/v1/tenants/t/namespaces/n/pods"), and as a prefix of the server's address
/// ("/tenants/t/api/v1/namespaces/n/pods"), so that clients that know no tenants work inside one. A
/// path without either leaves the tenant to the caller's identity.
struct RequestPath {
  enum class Kind : std::uint8_t {
    core_versions,  ///< "/api"
    groups,         ///< "/apis"
    group,          ///< "/apis/apps"
    resources,      ///< "/api/v1", "/apis/apps/v1": the kinds of a version
    objects,        ///< a collection, an object or a subresource
    other,          ///< "/version", "/openapi/v2", "/livez"…: see `segments`
  };
  Kind kind = Kind::other;
  std::string group;  ///< empty: the core group
  std::string version;
  std::string tenant;  ///< empty: the caller's; "all": every tenant
  std::string name_space;
  std::string resource;               ///< plural name: "pods"
  std::string name;                   ///< empty: the collection
  std::string subresource;            ///< "status"; with what follows it, "proxy/a/b"
  bool watch = false;                 ///< the older ".../watch/..." form of a watch
  std::vector<std::string> segments;  ///< of the path behind the tenant prefix, decoded
};

/// Reads a path without its query. Errors, code invalid: no leading slash, more than 4096 bytes or
/// 32 segments, empty or dot segments, bad percent escapes, escaped slashes, control characters, or
/// a tenant in the path that is not the address's. Cost: linear.
Expected<RequestPath> parse_request_path(std::string_view path);

/// The parameters of a query, decoded, in their order. Errors, code invalid: more than 64 KiB or
/// 256 parameters, bad escapes, control characters.
Expected<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

/// Is it one of the subresources of pods that become a connection: exec, attach, portforward? Their
/// verb is "create" however they are asked for (WebSockets begin with a GET).
bool is_pod_connection(const RequestPath& path);

/// Kubernetes's verb for a method: "get", "list", "watch", "create", "update", "patch", "delete",
/// "deletecollection"; empty for a method that is not served.
std::string_view request_verb(std::string_view method, const RequestPath& path, bool watch);

}  // namespace arcas::real
