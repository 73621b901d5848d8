#include "real/api/tenant_documents.h"

#include <boost/json.hpp>
#include <memory>
#include <utility>

#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;

DocumentWrite creation_of(json::object object, std::string resource, std::string tenant,
                          std::string uid, std::int64_t unix_seconds) {
  json::object& metadata = object_at(object, "metadata");
  if (!tenant.empty()) metadata["tenant"] = tenant;
  metadata["uid"] = uid;
  metadata["creationTimestamp"] = timestamp_text(unix_seconds);
  DocumentWrite write;
  write.key = {std::move(resource), std::move(tenant), "", std::string(text_at(metadata, "name"))};
  write.uid = std::move(uid);
  write.json = std::make_shared<const std::string>(stored_text(std::move(object)));
  return write;
}

std::vector<DocumentWrite> tenant_admin_writes(const std::string& tenant,
                                               const std::function<std::string()>& new_uid,
                                               std::int64_t unix_seconds) {
  constexpr const char* kVersion = "rbac.authorization.k8s.io/v1";
  constexpr const char* kGroup = "rbac.authorization.k8s.io";
  const json::array all{"*"};
  json::object role{
      {"apiVersion", kVersion},
      {"kind", "ClusterRole"},
      {"metadata", json::object{{"name", "admin-role"}}},
      {"rules", json::array{json::object{{"verbs", all}, {"apiGroups", all}, {"resources", all}},
                            json::object{{"verbs", all}, {"nonResourceURLs", all}}}}};
  json::object binding{
      {"apiVersion", kVersion},
      {"kind", "ClusterRoleBinding"},
      {"metadata", json::object{{"name", "admin-role-binding"}}},
      {"roleRef",
       json::object{{"apiGroup", kGroup}, {"kind", "ClusterRole"}, {"name", "admin-role"}}},
      {"subjects",
       json::array{json::object{{"apiGroup", kGroup}, {"kind", "User"}, {"name", "admin"}}}}};
  std::vector<DocumentWrite> writes;
  writes.push_back(creation_of(std::move(role), "clusterroles.rbac.authorization.k8s.io", tenant,
                               new_uid(), unix_seconds));
  writes.push_back(creation_of(std::move(binding), "clusterrolebindings.rbac.authorization.k8s.io",
                               tenant, new_uid(), unix_seconds));
  return writes;
}

}  // namespace arcas::real
