// The rows of the security matrix (reliability.md, section 4) that the walls answer for; each test
// names its rows.
#include "core/access/authorize.h"

#include <gtest/gtest.h>

namespace arcas::access {
namespace {

using model::Kind;
using ports::Identity;
using ports::Verb;

constexpr TenantId kSystem{0};
constexpr TenantId kA{1};
constexpr TenantId kB{2};

class AuthorizeTest : public testing::Test {
 protected:
  AuthorizeTest() {
    pod_a = create(pod(kA, NodeId{1}));
    pod_b = create(pod(kB, NodeId{2}));
    model::ReplicaSet set;
    set.meta.name = {StringId{1}, 0};
    set.meta.tenant = kA;
    set_a = create_object(set);
    set.meta.tenant = kB;
    set_b = create_object(set);
  }
  static model::Pod pod(TenantId tenant, NodeId node = {}) {
    model::Pod value;
    value.meta.tenant = tenant;
    value.meta.name = {StringId{1}, 1};
    value.spec = SpecId{0};
    value.node = node;
    return value;
  }
  model::Pod create(const model::Pod& value) {
    ports::Transaction transaction;
    transaction.pods.push_back({Verb::create, 0, value});
    ports::ChangeBatch changes;
    return *tables.pods.find(tables.commit(transaction, TimePoint{}, changes).pods[0].uid);
  }
  model::ReplicaSet create_object(const model::ReplicaSet& value) {
    ports::Transaction transaction;
    transaction.objects.push_back({Verb::create, 0, value});
    ports::ChangeBatch changes;
    const auto result = tables.commit(transaction, TimePoint{}, changes);
    return *tables.replica_sets.find(result.objects[0].uid);
  }
  static Identity user(TenantId tenant) { return {Identity::Type::user, tenant, {}, {}}; }
  static Identity node(std::uint32_t n) { return {Identity::Type::node, {}, NodeId{n}, {}}; }
  static Identity component() { return {Identity::Type::component, {}, {}, {}}; }
  StatusCode ask(const Identity& caller, Verb verb, const model::Pod& value) {
    ports::Transaction transaction;
    transaction.pods.push_back({verb, 0, value});
    return authorize_transaction(caller, tables, transaction).code;
  }
  StatusCode ask(const Identity& caller, Verb verb, const model::Object& value) {
    ports::Transaction transaction;
    transaction.objects.push_back({verb, 0, value});
    return authorize_transaction(caller, tables, transaction).code;
  }

  state::Tables tables{PartitionId{0}};
  model::Pod pod_a;
  model::Pod pod_b;
  model::ReplicaSet set_a;
  model::ReplicaSet set_b;
};

TEST_F(AuthorizeTest, AUserReachesHisOwnTenantAndNoOther_T01_T02_T05_R01) {
  EXPECT_TRUE(authorize_read(user(kA), Kind::pod, kA, {}).ok());
  EXPECT_TRUE(authorize_read(user(kA), Kind::name_space, kA, {}).ok());
  EXPECT_FALSE(authorize_read(user(kA), Kind::pod, kB, {}).ok());
  EXPECT_FALSE(authorize_read(user(kA), Kind::name_space, kB, {}).ok());
  EXPECT_FALSE(authorize_read(user(kA), Kind::pod, TenantId{}, {}).ok());  // all tenants
  EXPECT_FALSE(authorize_read(user(TenantId{}), Kind::pod, TenantId{}, {}).ok());
  EXPECT_TRUE(authorize_read(user(kSystem), Kind::pod, kB, {}).ok());
  EXPECT_EQ(ask(user(kA), Verb::create, pod(kA)), StatusCode::ok);
  EXPECT_EQ(ask(user(kA), Verb::create, pod(kB)), StatusCode::forbidden);
  EXPECT_EQ(ask(user(kSystem), Verb::create, pod(kB)), StatusCode::ok);
}

TEST_F(AuthorizeTest, OthersObjectsAndMissingOnesGiveTheSameAnswer_T03) {
  model::Pod probe = pod(kA);
  probe.meta.uid = pod_b.meta.uid;  // claims to be of his tenant
  const StatusCode of_others = ask(user(kA), Verb::remove, probe);
  probe.meta.uid = Uid::make(0, 4711);
  EXPECT_EQ(of_others, ask(user(kA), Verb::remove, probe));
  EXPECT_EQ(of_others, StatusCode::not_found);
  EXPECT_EQ(ask(user(kA), Verb::remove, model::Object(set_b)), StatusCode::not_found);
  EXPECT_EQ(ask(user(kA), Verb::remove, model::Object(set_a)), StatusCode::ok);
}

TEST_F(AuthorizeTest, ClusterScopedObjectsAreForSystemOnly_T04) {
  for (const Kind kind : {Kind::node, Kind::tenant, Kind::priority_class, Kind::lease}) {
    EXPECT_FALSE(authorize_read(user(kA), kind, kA, {}).ok());
    EXPECT_FALSE(authorize_read(user(kA), kind, TenantId{}, {}).ok());
    EXPECT_TRUE(authorize_read(user(kSystem), kind, TenantId{}, {}).ok());
  }
  EXPECT_EQ(ask(user(kA), Verb::create, model::Object(model::Node{})), StatusCode::forbidden);
  EXPECT_EQ(ask(user(kA), Verb::create, model::Object(model::Tenant{})), StatusCode::forbidden);
}

TEST_F(AuthorizeTest, QuotasAreSetByTenantSystem_T06) {
  model::ResourceQuota quota;
  quota.meta.tenant = kA;
  EXPECT_EQ(ask(user(kA), Verb::create, model::Object(quota)), StatusCode::forbidden);
  EXPECT_EQ(ask(user(kSystem), Verb::create, model::Object(quota)), StatusCode::ok);
  EXPECT_TRUE(authorize_read(user(kA), Kind::resource_quota, kA, {}).ok());
}

TEST_F(AuthorizeTest, ATenantsUserBindsNoPods_T13) {
  EXPECT_EQ(ask(user(kA), Verb::create, pod(kA, NodeId{3})), StatusCode::forbidden);
  model::Pod moved = pod_a;
  moved.node = NodeId{3};
  EXPECT_EQ(ask(user(kA), Verb::update, moved), StatusCode::forbidden);
  model::Pod aimed = pod(kA);
  aimed.target = NodeId{3};
  EXPECT_EQ(ask(user(kA), Verb::create, aimed), StatusCode::forbidden);
  model::Pod labelled = pod_a;
  labelled.meta.labels = LabelSetId{9};
  EXPECT_EQ(ask(user(kA), Verb::update, labelled), StatusCode::ok);
}

TEST_F(AuthorizeTest, NobodyOwnsWhatIsOfAnotherTenant_T15) {
  model::Pod owned = pod(kA);
  owned.meta.owner = {set_b.meta.uid, Kind::replica_set};
  EXPECT_EQ(ask(user(kA), Verb::create, owned), StatusCode::forbidden);
  owned.meta.owner.uid = Uid::make(0, 4711);
  EXPECT_EQ(ask(user(kA), Verb::create, owned), StatusCode::forbidden);  // the same answer
  owned.meta.owner.uid = set_a.meta.uid;
  EXPECT_EQ(ask(user(kA), Verb::create, owned), StatusCode::ok);
  EXPECT_EQ(ask(component(), Verb::create, owned), StatusCode::ok);
}

TEST_F(AuthorizeTest, AMoveToAnotherTenantIsRefused_T25) {
  model::Pod stolen = pod_b;
  stolen.meta.tenant = kA;
  EXPECT_EQ(ask(user(kA), Verb::update, stolen), StatusCode::not_found);
  model::Pod given = pod_a;
  given.meta.tenant = kB;
  EXPECT_EQ(ask(user(kA), Verb::update, given), StatusCode::forbidden);
}

TEST_F(AuthorizeTest, ANodeWritesOnlyTheStatusOfItsPods_N01_N02_N05_N06_N12) {
  model::Pod running = pod_a;
  running.phase = model::PodPhase::running;
  running.ready = true;
  EXPECT_EQ(ask(node(1), Verb::update, running), StatusCode::ok);
  EXPECT_EQ(ask(node(2), Verb::update, running), StatusCode::forbidden);
  model::Pod claimed = running;  // says that it is bound to the caller
  claimed.node = NodeId{2};
  EXPECT_EQ(ask(node(2), Verb::update, claimed), StatusCode::forbidden);
  EXPECT_EQ(ask(node(2), Verb::remove, claimed), StatusCode::forbidden);
  running.meta.labels = LabelSetId{3};
  EXPECT_EQ(ask(node(1), Verb::update, running), StatusCode::forbidden);
  EXPECT_EQ(ask(node(1), Verb::create, pod(kA, NodeId{1})), StatusCode::forbidden);
  EXPECT_EQ(ask(node(1), Verb::create, model::Object(model::Node{})), StatusCode::forbidden);
  EXPECT_EQ(ask(node(NodeId::kNone), Verb::update, pod_a), StatusCode::forbidden);
}

TEST_F(AuthorizeTest, ANodeReadsItsOwnOnly_N04_N09) {
  EXPECT_TRUE(authorize_read(node(1), Kind::pod, kA, NodeId{1}).ok());
  EXPECT_TRUE(authorize_read(node(1), Kind::node, {}, NodeId{1}).ok());
  EXPECT_FALSE(authorize_read(node(1), Kind::pod, kA, NodeId{2}).ok());
  EXPECT_FALSE(authorize_read(node(1), Kind::resource_quota, kA, NodeId{1}).ok());
  EXPECT_FALSE(authorize_read(node(NodeId::kNone), Kind::pod, kA, NodeId{}).ok());
}

TEST_F(AuthorizeTest, WatchesShowNoOneMoreThanReads_T02_N04) {
  ports::WatchRequest request;
  request.scope = ports::WatchScope::everything;
  EXPECT_FALSE(authorize_watch(user(kA), request).ok());
  EXPECT_TRUE(authorize_watch(user(kSystem), request).ok());
  EXPECT_TRUE(authorize_watch(component(), request).ok());
  EXPECT_FALSE(authorize_watch(node(1), request).ok());
  request.scope = ports::WatchScope::node;
  request.node = NodeId{1};
  EXPECT_TRUE(authorize_watch(node(1), request).ok());
  EXPECT_FALSE(authorize_watch(node(2), request).ok());
}

TEST_F(AuthorizeTest, NobodyRemovesALease) {
  for (const Identity& caller : {component(), user(kSystem), user(kA), node(1)}) {
    EXPECT_FALSE(authorize(caller, Verb::remove, Kind::lease, {}, {}).ok());
  }
  EXPECT_EQ(ask(component(), Verb::create, model::Object(model::Lease{})), StatusCode::ok);
}

TEST_F(AuthorizeTest, WhatAComponentMissesIsForTheStoreToSay) {
  model::Pod gone = pod_a;
  gone.meta.uid = Uid::make(0, 4711);
  EXPECT_EQ(ask(component(), Verb::update, gone), StatusCode::ok);
}

}  // namespace
}  // namespace arcas::access
