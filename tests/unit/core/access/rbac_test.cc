#include "core/access/rbac.h"

#include <gtest/gtest.h>

#include "core/base/hash.h"

namespace arcas::access {
namespace {

PolicyRule rule(std::vector<std::string> verbs, std::vector<std::string> groups,
                std::vector<std::string> resources, std::vector<std::string> names = {}) {
  return {std::move(verbs), std::move(groups), std::move(resources), std::move(names), {}};
}

AccessRequest request(std::string verb, std::string group, std::string resource,
                      std::string subresource = {}, std::string name = {}) {
  AccessRequest made;
  made.verb = std::move(verb);
  made.group = std::move(group);
  made.resource = std::move(resource);
  made.subresource = std::move(subresource);
  made.name = std::move(name);
  return made;
}

bool covered(const std::vector<PolicyRule>& has, const std::vector<PolicyRule>& wanted) {
  std::vector<const PolicyRule*> rules;
  for (const PolicyRule& one : has) rules.push_back(&one);
  return covers(rules, wanted);
}

TEST(PolicyRule, VerbsAndResourcesAreExact) {
  const PolicyRule pods = rule({"get"}, {""}, {"pods"});
  EXPECT_TRUE(allows(pods, request("get", "", "pods")));
  EXPECT_FALSE(allows(pods, request("list", "", "pods")));
  EXPECT_FALSE(allows(pods, request("watch", "", "pods")));
  EXPECT_FALSE(allows(pods, request("get", "apps", "pods")));
  EXPECT_FALSE(allows(pods, request("get", "", "pods", "exec")));
  EXPECT_FALSE(allows(pods, request("get", "", "pods", "status")));
  const PolicyRule all = rule({"*"}, {"*"}, {"*"});
  EXPECT_TRUE(allows(all, request("escalate", "rbac", "roles", "anything")));
}

TEST(PolicyRule, AStarBeforeASubresourceIsThatSubresourceOfEverything) {
  const PolicyRule scale = rule({"update"}, {"apps"}, {"*/scale"});
  EXPECT_TRUE(allows(scale, request("update", "apps", "deployments", "scale")));
  EXPECT_FALSE(allows(scale, request("update", "apps", "deployments", "status")));
  EXPECT_FALSE(allows(scale, request("update", "apps", "deployments")));
  // "pods/*" is not a pattern.
  EXPECT_FALSE(allows(rule({"get"}, {""}, {"pods/*"}), request("get", "", "pods", "log")));
}

TEST(PolicyRule, NamesNeedAName) {
  const PolicyRule one =
      rule({"get", "list", "create", "deletecollection"}, {""}, {"secrets"}, {"a"});
  EXPECT_TRUE(allows(one, request("get", "", "secrets", "", "a")));
  EXPECT_FALSE(allows(one, request("get", "", "secrets", "", "b")));
  EXPECT_FALSE(allows(one, request("list", "", "secrets")));
  EXPECT_FALSE(allows(one, request("create", "", "secrets")));
  EXPECT_FALSE(allows(one, request("deletecollection", "", "secrets")));
}

TEST(PolicyRule, Paths) {
  PolicyRule paths;
  paths.verbs = {"get"};
  paths.paths = {"/metrics", "/logs/*"};
  EXPECT_TRUE(allows_path(paths, "get", "/metrics"));
  EXPECT_TRUE(allows_path(paths, "get", "/logs/a"));
  EXPECT_FALSE(allows_path(paths, "get", "/logs"));
  EXPECT_FALSE(allows_path(paths, "get", "/metrics/a"));
  EXPECT_FALSE(allows_path(paths, "post", "/metrics"));
  EXPECT_FALSE(allows(paths, request("get", "", "metrics")));
}

TEST(Covers, WholeAndInParts) {
  const PolicyRule reader = rule({"get", "list"}, {""}, {"pods", "services"});
  EXPECT_TRUE(covered({reader}, {rule({"list"}, {""}, {"pods"})}));
  EXPECT_TRUE(covered({reader}, {reader}));
  EXPECT_FALSE(covered({reader}, {rule({"list", "watch"}, {""}, {"pods"})}));
  EXPECT_FALSE(covered({reader}, {rule({"*"}, {""}, {"pods"})}));
  EXPECT_FALSE(covered({reader}, {rule({"get"}, {"*"}, {"pods"})}));
  // Two rules cover together what neither does alone.
  EXPECT_TRUE(covered({rule({"get"}, {""}, {"pods"}), rule({"list"}, {""}, {"pods"})},
                      {rule({"get", "list"}, {""}, {"pods"})}));
  EXPECT_TRUE(covered({}, {}));
  EXPECT_FALSE(covered({}, {reader}));
}

TEST(Covers, NamesSubresourcesAndPaths) {
  EXPECT_TRUE(
      covered({rule({"get"}, {""}, {"secrets"})}, {rule({"get"}, {""}, {"secrets"}, {"a"})}));
  EXPECT_FALSE(
      covered({rule({"get"}, {""}, {"secrets"}, {"a"})}, {rule({"get"}, {""}, {"secrets"})}));
  EXPECT_FALSE(covered({rule({"get"}, {""}, {"secrets"}, {"a"})},
                       {rule({"get"}, {""}, {"secrets"}, {"a", "b"})}));
  EXPECT_TRUE(covered({rule({"get"}, {""}, {"*/log"})}, {rule({"get"}, {""}, {"pods/log"})}));
  EXPECT_FALSE(covered({rule({"get"}, {""}, {"pods/log"})}, {rule({"get"}, {""}, {"*/log"})}));
  EXPECT_FALSE(covered({rule({"get"}, {""}, {"pods"})}, {rule({"get"}, {""}, {"pods/log"})}));
  PolicyRule has;
  has.verbs = {"get"};
  has.paths = {"/logs/*"};
  PolicyRule wanted = has;
  EXPECT_TRUE(covered({has}, {wanted}));
  wanted.paths = {"/logs/a", "/logs/b*"};
  EXPECT_TRUE(covered({has}, {wanted}));
  wanted.paths = {"/*"};
  EXPECT_FALSE(covered({has}, {wanted}));
}

TEST(Covers, HugeRulesAreNotWorkedOut) {
  const std::vector<std::string> many(2000, "x");
  const PolicyRule huge = rule(many, many, many, many);
  EXPECT_FALSE(covered({rule({"x"}, {"x"}, {"x"})}, {huge}));
  EXPECT_TRUE(covered({rule({"*"}, {"*"}, {"*"})}, {huge}));
  PolicyRule paths;
  paths.verbs = paths.paths = many;
  EXPECT_FALSE(covered({paths}, {paths}));
}

/// `covers` against asking for everything that a small world has.
TEST(Covers, AgreesWithTryingEverything) {
  const std::vector<std::string> words{"a", "b", "*"};
  std::uint64_t draws = 7;
  const auto some = [&](bool may_be_none) {
    std::vector<std::string> list;
    for (const std::string& word : words) {
      if (mix64(++draws) % 4 == 0) list.push_back(word);
    }
    if (list.empty() && !may_be_none) list.push_back(words[mix64(++draws) % 2]);
    return list;
  };
  int held = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<PolicyRule> has;
    for (int i = 0; i < 3; ++i) has.push_back(rule(some(false), some(false), some(false)));
    const PolicyRule wanted = rule(some(false), some(false), some(false));
    bool all = true;  // "c" stands for every word that nobody named
    for (const char* verb : {"a", "b", "c"}) {
      for (const char* group : {"a", "b", "c"}) {
        for (const char* resource : {"a", "b", "c"}) {
          const AccessRequest one = request(verb, group, resource);
          bool any = false;
          for (const PolicyRule& mine : has) any |= allows(mine, one);
          all &= any || !allows(wanted, one);
        }
      }
    }
    const bool said = covered(has, {wanted});
    EXPECT_TRUE(all || !said);  // never more than is true
    held += said ? 1 : 0;
  }
  EXPECT_GT(held, 100);
}

class RolePolicyTest : public ::testing::Test {
 protected:
  void bind(const RoleName& at, const std::string& role, RoleSubject subject, bool cluster = true) {
    policy_.set_binding(at, {cluster, role, {std::move(subject)}});
  }
  std::size_t count(const User& user, const std::string& tenant, const std::string& space) {
    return policy_.rules_of(user, tenant, space).size();
  }
  RolePolicy policy_;
  const User alice_{"alice", "blue", {"developers"}};
  const User operator_{"system:operator", "system", {}};
};

TEST_F(RolePolicyTest, UsersGroupsAndServiceAccounts) {
  policy_.set_role({"blue", "", "r"}, {rule({"get"}, {""}, {"pods"})});
  bind({"blue", "", "one"}, "r", {RoleSubject::Kind::user, "alice", ""});
  EXPECT_EQ(count(alice_, "blue", ""), 1U);
  bind({"blue", "", "two"}, "r", {RoleSubject::Kind::group, "developers", ""});
  EXPECT_EQ(count(alice_, "blue", ""), 2U);
  bind({"blue", "", "three"}, "r", {RoleSubject::Kind::service_account, "bot", "ci"});
  EXPECT_EQ(count(alice_, "blue", ""), 2U);
  EXPECT_EQ(count({"system:serviceaccount:ci:bot", "blue", {}}, "blue", ""), 1U);
  policy_.remove_binding({"blue", "", "one"});
  policy_.remove_role({"blue", "", "r"});
  EXPECT_EQ(count(alice_, "blue", ""), 0U);
}

TEST_F(RolePolicyTest, ABindingOfANamespaceCountsThereAlone) {
  policy_.set_role({"blue", "dev", "r"}, {rule({"get"}, {""}, {"pods"})});
  bind({"blue", "dev", "b"}, "r", {RoleSubject::Kind::user, "alice", ""}, false);
  EXPECT_EQ(count(alice_, "blue", "dev"), 1U);
  EXPECT_EQ(count(alice_, "blue", "prod"), 0U);
  EXPECT_EQ(count(alice_, "blue", ""), 0U);
  // A Role of another namespace is not found.
  bind({"blue", "prod", "b"}, "r", {RoleSubject::Kind::user, "alice", ""}, false);
  EXPECT_EQ(count(alice_, "blue", "prod"), 0U);
}

TEST_F(RolePolicyTest, RulesComeFromTheUsersTenant) {
  policy_.set_role({"red", "", "r"}, {rule({"*"}, {"*"}, {"*"})});
  bind({"red", "", "b"}, "r", {RoleSubject::Kind::user, "alice", ""});
  EXPECT_EQ(count(alice_, "red", ""), 0U);
  EXPECT_EQ(count({"alice", "red", {}}, "red", ""), 1U);
}

TEST_F(RolePolicyTest, ANamespaceOfTenantSystemIsNotTheSameOneOfOthers) {
  policy_.set_role({"system", "default", "r"}, {rule({"get"}, {""}, {"secrets"})});
  bind({"system", "default", "b"}, "r", {RoleSubject::Kind::user, "system:operator", ""}, false);
  EXPECT_EQ(count(operator_, "system", "default"), 1U);
  EXPECT_EQ(count(operator_, "blue", "default"), 0U);
  policy_.set_role({"system", "", "all"}, {rule({"get"}, {""}, {"pods"})});
  bind({"system", "", "b"}, "all", {RoleSubject::Kind::user, "system:operator", ""});
  EXPECT_EQ(count(operator_, "blue", "default"), 1U);
}

TEST_F(RolePolicyTest, ClusterRolesOfSystemServeTenantsThatHaveNoneOfThatName) {
  policy_.set_role({"system", "", "view"}, {rule({"get"}, {""}, {"pods"})});
  bind({"blue", "", "b"}, "view", {RoleSubject::Kind::user, "alice", ""});
  EXPECT_EQ(count(alice_, "blue", ""), 1U);
  policy_.set_role({"blue", "", "view"}, {});
  EXPECT_EQ(count(alice_, "blue", ""), 0U);
}

}  // namespace
}  // namespace arcas::access
