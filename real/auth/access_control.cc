#include "real/auth/access_control.h"

#include <boost/json.hpp>
#include <utility>

#include "real/api/object_text.h"
#include "real/api/tenant_documents.h"
#include "real/auth/role_documents.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

const std::string kRoles = "roles.rbac.authorization.k8s.io";
const std::string kClusterRoles = "clusterroles.rbac.authorization.k8s.io";
const std::string kRoleBindings = "rolebindings.rbac.authorization.k8s.io";
const std::string kClusterRoleBindings = "clusterrolebindings.rbac.authorization.k8s.io";

std::optional<ApiError> refused(const Status& status) {
  if (status.ok()) return std::nullopt;
  return api_error_of(status);
}

access::NodeFacts facts_of(const json::object& node) {
  access::NodeFacts facts;
  facts.name = text_at(node, "metadata.name");
  if (const json::value* labels = value_at(node, "metadata.labels");
      labels != nullptr && labels->is_object()) {
    for (const auto& [key, value] : labels->get_object()) {
      if (value.is_string()) facts.labels.emplace(key, value.get_string());
    }
  }
  const json::value* taints = value_at(node, "spec.taints");
  if (taints != nullptr && taints->is_array() && !taints->get_array().empty()) {
    facts.taints = json::serialize(*taints);
  }
  const json::value* owners = value_at(node, "metadata.ownerReferences");
  facts.owned = owners != nullptr && owners->is_array() && !owners->get_array().empty();
  return facts;
}

/// The nodes that a pod, or the pods of a workload, are bound to.
std::vector<std::string> node_names(const json::object* object) {
  std::vector<std::string> names;
  for (const char* path :
       {"spec.nodeName", "spec.template.spec.nodeName",
        "spec.jobTemplate.spec.template.spec.nodeName", "template.spec.nodeName"}) {
    names.emplace_back(object == nullptr ? "" : text_at(*object, path));
  }
  return names;
}

access::RoleName name_of(const access::AccessRequest& request, const json::object& object) {
  return {request.tenant, request.name_space, std::string(text_at(object, "metadata.name"))};
}

}  // namespace

AccessControl::AccessControl(DocumentStore& store, std::function<void()> changed)
    : store_(store), changed_(std::move(changed)) {
  follow_all();
}

AccessControl::~AccessControl() {
  for (const std::uint64_t watch : watches_) store_.unwatch(watch);
}

void AccessControl::follow(const std::string& resource) {
  const DocumentScope scope{resource, "", ""};
  const Expected<DocumentPage> page = store_.list(scope, std::nullopt, 0, 0);
  if (!page) return;
  for (const Document& document : page->documents) take(document, false);
  const auto watch = store_.watch(scope, page->revision,
                                  [this](Revision, const std::vector<DocumentChange>& changes,
                                         bool compacted) { on_changes(changes, compacted); });
  if (watch) watches_.push_back(*watch);
}

void AccessControl::follow_all() {
  for (const auto* resource : {&kRoles, &kClusterRoles, &kRoleBindings, &kClusterRoleBindings}) {
    follow(*resource);
  }
}

void AccessControl::on_changes(const std::vector<DocumentChange>& changes, bool compacted) {
  for (const DocumentChange& change : changes) {
    take(change.document, change.type == DocumentChange::Type::removed);
  }
  if (compacted) {  // What was missed may have taken rights away: begin again.
    policy_ = {};
    for (const std::uint64_t old : std::exchange(watches_, {})) store_.unwatch(old);
    follow_all();
  }
  if (changed_) changed_();
}

void AccessControl::take(const Document& document, bool removed) {
  const DocumentKey& key = document.key;
  const access::RoleName name{key.tenant, key.name_space, key.name};
  const bool is_role = key.resource == kRoles || key.resource == kClusterRoles;
  if (removed) return is_role ? policy_.remove_role(name) : policy_.remove_binding(name);
  const Expected<json::value> parsed = parse_json(*document.json);
  const json::object object = parsed && parsed->is_object() ? parsed->get_object() : json::object();
  if (is_role) {
    policy_.set_role(name, read_rules(object));
  } else {
    policy_.set_binding(name, read_binding(object));
  }
}

Status AccessControl::authorize(const access::User& user, access::AccessRequest request) const {
  const bool one_pod = request.group.empty() && request.resource == "pods" &&
                       !request.name.empty() && request.node.empty();
  if (one_pod && access::node_of(user)) {
    const auto pod = store_.get({"pods", request.tenant, request.name_space, request.name});
    const Expected<json::value> parsed =
        pod ? parse_json(*pod->json) : Expected<json::value>(json::value());
    if (parsed && parsed->is_object())
      request.node = text_at(parsed->get_object(), "spec.nodeName");
  }
  return access::authorize_request(policy_, user, request);
}

std::optional<ApiError> AccessControl::admit(const access::User& user,
                                             const access::AccessRequest& request,
                                             const json::object* before,
                                             const json::object* after) const {
  if (after == nullptr) return std::nullopt;
  if (const auto node = access::node_of(user)) {
    if (request.resource == "nodes") {
      std::optional<access::NodeFacts> old;
      if (before != nullptr) old = facts_of(*before);
      return refused(access::check_node_self_write(*node, old, facts_of(*after)));
    }
    if (request.resource == "leases" && text_at(*after, "metadata.name") != *node) {
      return refused(Status::forbidden("a node may write its own lease alone"));
    }
  }
  if (user.tenant != access::kSystemTenant && node_names(before) != node_names(after)) {
    return refused(Status::forbidden("only the scheduler binds pods to nodes"));
  }
  if (request.group != kRbacGroup) return std::nullopt;
  const access::RoleName name = name_of(request, *after);
  if (request.resource == "roles" || request.resource == "clusterroles") {
    const auto rules = read_rules(*after);
    if (before != nullptr && read_rules(*before) == rules) return std::nullopt;
    return refused(access::check_role_write(policy_, user, name, rules));
  }
  return refused(access::check_binding_write(policy_, user, name, read_binding(*after)));
}

void write_default_roles(DocumentStore& store, const std::function<std::string()>& new_uid,
                         std::int64_t unix_seconds) {
  std::vector<DocumentWrite> writes;
  for (json::object& object : default_roles()) {
    const bool binding = text_at(object, "kind") == "ClusterRoleBinding";
    object_at(object_at(object, "metadata"), "labels")["kubernetes.io/bootstrapping"] =
        "rbac-defaults";
    writes.push_back(creation_of(std::move(object), binding ? kClusterRoleBindings : kClusterRoles,
                                 access::kSystemTenant, new_uid(), unix_seconds));
  }
  store.commit(std::move(writes), false, {});
}

}  // namespace arcas::real
