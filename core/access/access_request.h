#pragma once

#include <string>

namespace arcas::access {

/// What a request does to objects, in Kubernetes's words.
struct AccessRequest {
  std::string verb;      ///< "get", "list", "watch", "create", "update", "patch", "delete"…
  std::string group;     ///< empty: the core group
  std::string resource;  ///< "pods"
  std::string subresource{};
  bool of_cluster = false;   ///< its objects belong to no tenant
  std::string tenant{};      ///< of the objects; empty: of the cluster, or all tenants
  std::string name_space{};  ///< empty: all of them, or objects that have none
  std::string name{};        ///< in the path, or demanded by the selector of a list or a watch
  std::string node{};  ///< on which its pods are: that of the pod that it names, or by its selector

  /// "pods/status", as rules name it.
  [[nodiscard]] std::string full_resource() const {
    return subresource.empty() ? resource : resource + '/' + subresource;
  }
};

}  // namespace arcas::access
