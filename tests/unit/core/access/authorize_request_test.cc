#include "core/access/authorize_request.h"

#include <gtest/gtest.h>

namespace arcas::access {
namespace {

AccessRequest to(std::string verb, std::string resource, std::string tenant,
                 std::string name_space = "default", std::string name = {}) {
  AccessRequest request;
  request.verb = std::move(verb);
  request.resource = std::move(resource);
  request.tenant = std::move(tenant);
  request.name_space = std::move(name_space);
  request.name = std::move(name);
  return request;
}

class AuthorizeRequest : public ::testing::Test {
 protected:
  AuthorizeRequest() {
    policy_.set_role({"blue", "", "all"}, {{{"*"}, {"*"}, {"*"}, {}, {"*"}}});
    policy_.set_binding({"blue", "", "b"}, {true, "all", {{RoleSubject::Kind::user, "admin", ""}}});
    policy_.set_role({"system", "", "reader"}, {{{"get", "list"}, {""}, {"pods", "nodes"}, {}, {}},
                                                {{"get"}, {}, {}, {}, {"/metrics"}}});
    policy_.set_binding({"system", "", "b"},
                        {true, "reader", {{RoleSubject::Kind::group, "operators", ""}}});
  }
  bool may(const User& user, const AccessRequest& request) {
    return authorize_request(policy_, user, request).ok();
  }
  RolePolicy policy_;
  const User blue_admin_{"admin", "blue", {}};
  const User blue_master_{"root", "blue", {"system:masters"}};
  const User nobody_{"nobody", "blue", {"system:authenticated"}};
  const User operator_{"system:op", "system", {"operators"}};
  const User master_{"system:admin", "system", {"system:masters"}};
};

TEST_F(AuthorizeRequest, NothingIsAllowedByItself) {
  EXPECT_FALSE(may(nobody_, to("get", "pods", "blue", "default", "a")));
  EXPECT_FALSE(may({"x", "", {"system:masters"}}, to("get", "pods", "")));
}

TEST_F(AuthorizeRequest, NoTenantsUserLeavesItsTenant) {
  for (const User& user : {blue_admin_, blue_master_}) {
    EXPECT_TRUE(may(user, to("delete", "pods", "blue")));
    EXPECT_FALSE(may(user, to("get", "pods", "red")));
    EXPECT_FALSE(may(user, to("list", "pods", "")));  // all tenants
    AccessRequest nodes = to("list", "nodes", "", "");
    nodes.of_cluster = true;
    EXPECT_FALSE(may(user, nodes));
    // A short path leaves the tenant to the user: the cluster's objects stay closed all the same.
    nodes.tenant = "blue";
    EXPECT_FALSE(may(user, nodes));
    EXPECT_FALSE(may(user, to("create", "resourcequotas", "blue")));
    EXPECT_TRUE(may(user, to("get", "resourcequotas", "blue")));
  }
}

TEST_F(AuthorizeRequest, RolesOfTenantSystemReachEveryTenant) {
  EXPECT_TRUE(may(operator_, to("list", "pods", "")));
  EXPECT_TRUE(may(operator_, to("get", "pods", "blue", "default", "a")));
  EXPECT_FALSE(may(operator_, to("delete", "pods", "blue", "default", "a")));
  EXPECT_FALSE(may(operator_, to("list", "secrets", "blue")));
  AccessRequest nodes = to("list", "nodes", "", "");
  nodes.of_cluster = true;
  EXPECT_TRUE(may(operator_, nodes));
  EXPECT_TRUE(may(master_, nodes));
}

TEST_F(AuthorizeRequest, PathsOfTheServer) {
  EXPECT_TRUE(authorize_path(policy_, operator_, "get", "/metrics").ok());
  EXPECT_FALSE(authorize_path(policy_, operator_, "get", "/debug").ok());
  EXPECT_TRUE(authorize_path(policy_, master_, "get", "/debug").ok());
  EXPECT_FALSE(authorize_path(policy_, blue_admin_, "get", "/metrics").ok());
  EXPECT_FALSE(authorize_path(policy_, blue_master_, "get", "/metrics").ok());
}

TEST_F(AuthorizeRequest, NobodyGivesMoreThanHeHas) {
  const std::vector<PolicyRule> read{{{"get"}, {""}, {"pods"}, {}, {}}};
  const std::vector<PolicyRule> erase{{{"delete"}, {""}, {"pods"}, {}, {}}};
  const RoleName role{"system", "", "new"};
  EXPECT_TRUE(check_role_write(policy_, operator_, role, read).ok());
  EXPECT_FALSE(check_role_write(policy_, operator_, role, erase).ok());
  EXPECT_TRUE(check_role_write(policy_, master_, role, erase).ok());
  policy_.set_role({"system", "", "reader"},
                   {{{"escalate"}, {"rbac.authorization.k8s.io"}, {"clusterroles"}, {"new"}, {}}});
  EXPECT_TRUE(check_role_write(policy_, operator_, role, erase).ok());
  EXPECT_FALSE(check_role_write(policy_, operator_, {"system", "", "other"}, erase).ok());
}

TEST_F(AuthorizeRequest, NobodyBindsMoreThanHeHas) {
  policy_.set_role({"system", "", "eraser"}, {{{"delete"}, {""}, {"pods"}, {}, {}}});
  const RoleName at{"system", "default", "new"};
  EXPECT_TRUE(check_binding_write(policy_, operator_, at, {true, "reader", {}}).ok());
  policy_.set_role({"system", "", "small"}, {{{"get"}, {""}, {"pods"}, {}, {}}});
  EXPECT_TRUE(check_binding_write(policy_, operator_, at, {true, "small", {}}).ok());
  EXPECT_FALSE(check_binding_write(policy_, operator_, at, {true, "eraser", {}}).ok());
  EXPECT_FALSE(check_binding_write(policy_, operator_, at, {true, "absent", {}}).ok());
  EXPECT_FALSE(check_binding_write(policy_, operator_, at, {false, "small", {}}).ok());
  EXPECT_TRUE(check_binding_write(policy_, master_, at, {true, "eraser", {}}).ok());
  policy_.set_role({"system", "", "reader"},
                   {{{"bind"}, {"rbac.authorization.k8s.io"}, {"clusterroles"}, {"eraser"}, {}}});
  EXPECT_TRUE(check_binding_write(policy_, operator_, at, {true, "eraser", {}}).ok());
}

class NodeAccess : public AuthorizeRequest {
 protected:
  AccessRequest pod(std::string verb, std::string node, std::string subresource = {}) {
    AccessRequest request = to(std::move(verb), "pods", "blue", "default", "a");
    request.node = std::move(node);
    request.subresource = std::move(subresource);
    return request;
  }
  AccessRequest node(std::string verb, std::string name, std::string subresource = {}) {
    AccessRequest request = to(std::move(verb), "nodes", "", "", std::move(name));
    request.of_cluster = true;
    request.subresource = std::move(subresource);
    return request;
  }
  const User n1_{"system:node:n1", "system", {"system:nodes", "operators"}};
};

TEST_F(NodeAccess, WhoIsANode) {
  EXPECT_EQ(node_of(n1_), "n1");
  EXPECT_EQ(node_of(operator_), std::nullopt);
  EXPECT_EQ(node_of({"system:node:n1", "system", {}}), std::nullopt);
  EXPECT_EQ(node_of({"system:node:n1", "blue", {"system:nodes"}}), std::nullopt);
  const User nameless{"system:other", "system", {"system:nodes", "operators"}};
  EXPECT_EQ(node_of(nameless), "");
  EXPECT_FALSE(may(nameless, node("get", "")));
  EXPECT_FALSE(may(nameless, node("create", "")));
  EXPECT_FALSE(may(nameless, pod("get", "")));
}

TEST_F(NodeAccess, ANodeKeepsToItselfWhateverItsRoles) {
  EXPECT_TRUE(may(n1_, node("get", "n1")));
  EXPECT_TRUE(may(n1_, node("create", "")));
  EXPECT_TRUE(may(n1_, node("patch", "n1", "status")));
  EXPECT_FALSE(may(n1_, node("get", "n2")));
  EXPECT_FALSE(may(n1_, node("list", "")));
  EXPECT_FALSE(may(n1_, node("patch", "n2", "status")));
  EXPECT_FALSE(may(n1_, node("delete", "n1")));
  EXPECT_FALSE(may(n1_, to("get", "secrets", "blue", "default", "a")));
  EXPECT_FALSE(may(n1_, to("list", "configmaps", "blue")));
}

TEST_F(NodeAccess, PodsBoundToIt) {
  EXPECT_TRUE(may(n1_, pod("get", "n1")));
  EXPECT_TRUE(may(n1_, pod("update", "n1", "status")));
  EXPECT_TRUE(may(n1_, pod("delete", "n1")));
  EXPECT_FALSE(may(n1_, pod("get", "n2")));
  EXPECT_FALSE(may(n1_, pod("update", "n2", "status")));
  EXPECT_FALSE(may(n1_, pod("update", "n1")));
  EXPECT_FALSE(may(n1_, pod("create", "n1")));
  EXPECT_FALSE(may(n1_, pod("get", "")));
}

TEST_F(NodeAccess, ItsLease) {
  AccessRequest lease = to("update", "leases", "system", "kube-node-lease", "n1");
  lease.group = "coordination.k8s.io";
  EXPECT_TRUE(may(n1_, lease));
  lease.name = "n2";
  EXPECT_FALSE(may(n1_, lease));
  lease.name = "n1";
  lease.name_space = "kube-system";
  EXPECT_FALSE(may(n1_, lease));
  lease.name_space = "kube-node-lease";
  lease.tenant = "blue";
  EXPECT_FALSE(may(n1_, lease));
}

TEST_F(NodeAccess, WhatANodeMayNotChangeOfItself) {
  const NodeFacts before{"n1", {{"kubernetes.io/hostname", "n1"}, {"team", "a"}}, "[]", false};
  const auto refused = [&](auto change) {
    NodeFacts after = before;
    change(after);
    return !check_node_self_write("n1", before, after).ok();
  };
  EXPECT_FALSE(refused([](NodeFacts&) {}));
  EXPECT_FALSE(refused([](NodeFacts& node) { node.labels["team"] = "b"; }));
  EXPECT_FALSE(refused([](NodeFacts& node) { node.labels["kubernetes.io/hostname"] = "n"; }));
  EXPECT_TRUE(refused([](NodeFacts& node) { node.name = "n2"; }));
  EXPECT_TRUE(refused([](NodeFacts& node) { node.taints = "[{}]"; }));
  EXPECT_TRUE(refused([](NodeFacts& node) { node.owned = true; }));
  EXPECT_TRUE(
      refused([](NodeFacts& node) { node.labels["node-restriction.kubernetes.io/a"] = "b"; }));
  EXPECT_TRUE(refused([](NodeFacts& node) { node.labels["node-role.kubernetes.io/master"] = ""; }));
  EXPECT_TRUE(check_node_self_write("n1", std::nullopt, before).ok());
  NodeFacts restricted = before;
  restricted.labels["node-restriction.kubernetes.io/a"] = "b";
  EXPECT_FALSE(check_node_self_write("n1", restricted, before).ok()) << "nor take it away";
}

}  // namespace
}  // namespace arcas::access
