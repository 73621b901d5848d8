#include "core/access/quota.h"

#include <gtest/gtest.h>

#include <deque>

#include "core/base/rng.h"

namespace arcas::access {
namespace {

using ports::Verb;

constexpr NamespaceId kSpace{0};

class QuotaTest : public testing::Test {
 protected:
  QuotaTest() {
    model::PodSpec value;
    model::Container container;
    container.requests.set(model::kCpu, 500);
    container.requests.set(model::kMemory, 10);
    value.containers.push_back(container);
    spec = catalog.intern_spec(value);
  }
  void make_quota(std::int64_t cpu, std::int64_t pods) {
    model::ResourceQuota quota;
    quota.meta.name = {catalog.intern("limits"), 0};
    quota.meta.name_space = kSpace;
    quota.hard.set(model::kCpu, cpu);
    quota.hard.set(model::kPods, pods);
    ports::Transaction transaction;
    transaction.objects.push_back({Verb::create, 0, quota});
    uid = commit(transaction).objects[0].uid;
  }
  ports::TransactionResult commit(const ports::Transaction& transaction) {
    ports::ChangeBatch changes;
    return tables.commit(transaction, TimePoint{}, changes);
  }
  ports::Transaction create(std::size_t count = 1, NamespaceId space = kSpace) const {
    ports::Transaction transaction;
    transaction.mode = ports::Transaction::Mode::each;
    for (std::size_t i = 0; i < count; ++i) {
      model::Pod pod;
      pod.meta.name_space = space;
      pod.spec = spec;
      transaction.pods.push_back({Verb::create, 0, pod});
    }
    return transaction;
  }
  [[nodiscard]] const model::ResourceQuota& quota() const { return *tables.quotas.find(uid); }

  model::Catalog catalog;
  SpecId spec;
  state::Tables tables{PartitionId{0}};
  Uid uid;
};

TEST_F(QuotaTest, WithoutAQuotaNothingIsCharged) {
  ports::Transaction transaction = create(3);
  EXPECT_TRUE(charge_quota(tables, catalog, transaction).ok());
  EXPECT_TRUE(transaction.objects.empty());
  EXPECT_EQ(transaction.mode, ports::Transaction::Mode::each);
}

TEST_F(QuotaTest, ChargesByRequestAndByCount) {
  make_quota(5000, 10);
  ports::Transaction transaction = create(3);
  ASSERT_TRUE(charge_quota(tables, catalog, transaction).ok());
  ASSERT_EQ(commit(transaction).code, StatusCode::ok);
  EXPECT_EQ(quota().used.get(model::kCpu), 1500);
  EXPECT_EQ(quota().used.get(model::kPods), 3);
  EXPECT_EQ(quota().used.get(model::kMemory), 0);  // not limited, not counted
}

TEST_F(QuotaTest, OtherNamespacesAreNotCharged) {
  make_quota(0, 0);
  ports::Transaction transaction = create(1, NamespaceId{7});
  EXPECT_TRUE(charge_quota(tables, catalog, transaction).ok());
  EXPECT_TRUE(transaction.objects.empty());
}

TEST_F(QuotaTest, TooMuchIsRefusedWithTheNumbersAndChangesNothing) {
  make_quota(1200, 10);
  ports::Transaction transaction = create(3);
  const Status status = charge_quota(tables, catalog, transaction);
  EXPECT_EQ(status.code, StatusCode::exhausted);
  EXPECT_EQ(status.message, "exceeded quota: limits, requested: cpu=1500, used: 0, limited: 1200");
  EXPECT_TRUE(transaction.objects.empty());
  EXPECT_EQ(transaction.mode, ports::Transaction::Mode::each);
}

TEST_F(QuotaTest, APodWithoutAKnownSpecIsInvalid) {
  make_quota(1200, 10);
  ports::Transaction transaction = create();
  transaction.pods[0].pod.spec = SpecId{99};
  EXPECT_EQ(charge_quota(tables, catalog, transaction).code, StatusCode::invalid);
}

TEST_F(QuotaTest, OfManyParallelCreatesExactlyAsManySucceedAsTheQuotaAllows_T07_I43) {
  make_quota(1'000'000, 40);
  RandomStream random(9);
  std::deque<ports::Transaction> under_way;  // decided on a view that may be old by now
  int created = 0;
  int refused = 0;
  for (int started = 0; created + refused < 100;) {
    if (started < 100 && (under_way.empty() || random.chance(2, 3))) {
      ports::Transaction transaction = create();
      ++started;
      if (charge_quota(tables, catalog, transaction).ok()) {
        under_way.push_back(transaction);
      } else {
        ++refused;
      }
      continue;
    }
    ports::Transaction transaction = under_way.front();
    under_way.pop_front();
    if (commit(transaction).code == StatusCode::ok) {
      ++created;
    } else {  // conflict: decide again
      transaction = create();
      if (charge_quota(tables, catalog, transaction).ok()) {
        under_way.push_front(transaction);
      } else {
        ++refused;
      }
    }
    ASSERT_LE(tables.pods.size(), 40U);
    ASSERT_EQ(quota().used.get(model::kPods), static_cast<std::int64_t>(tables.pods.size()));
  }
  EXPECT_EQ(created, 40);
  EXPECT_EQ(refused, 60);
}

TEST_F(QuotaTest, ARecountGivesBackWhatIsGoneAndNeverForgetsACharge) {
  make_quota(5000, 10);
  ports::Transaction transaction = create(4);
  ASSERT_TRUE(charge_quota(tables, catalog, transaction).ok());
  const auto made = commit(transaction);
  EXPECT_TRUE(recount_quotas(tables, catalog).empty());
  ports::Transaction removal;
  model::Pod gone;
  gone.meta.uid = made.pods[0].uid;
  removal.pods.push_back({Verb::remove, 0, gone});
  model::Pod done = *tables.pods.find(made.pods[1].uid);
  done.phase = model::PodPhase::succeeded;
  removal.pods.push_back({Verb::update, done.meta.resource_version, done});
  ASSERT_EQ(commit(removal).code, StatusCode::ok);
  ports::Transaction recount;
  recount.objects = recount_quotas(tables, catalog);
  ASSERT_EQ(recount.objects.size(), 1U);
  transaction = create();  // charged between the recount's decision and its commit
  ASSERT_TRUE(charge_quota(tables, catalog, transaction).ok());
  ASSERT_EQ(commit(transaction).code, StatusCode::ok);
  EXPECT_EQ(commit(recount).code, StatusCode::conflict);
  recount.objects = recount_quotas(tables, catalog);
  ASSERT_EQ(commit(recount).code, StatusCode::ok);
  EXPECT_EQ(quota().used.get(model::kPods), 3);
  EXPECT_EQ(quota().used.get(model::kCpu), 1500);
}

}  // namespace
}  // namespace arcas::access
