#include "core/controllers/node_pressure.h"

#include <gtest/gtest.h>

namespace arcas::controllers {
namespace {

using model::ConditionStatus;

struct NodePressureTest : testing::Test {
  model::Catalog catalog;
  NodePressure pressure{catalog};
  model::Node node;
  model::Taint taint(const char* key, std::int64_t added_ns) {
    return {catalog.intern(key), {}, model::TaintEffect::no_schedule, added_ns};
  }
};

TEST_F(NodePressureTest, AConditionThatIsTrueTaintsTheNodeOnce) {
  const model::Taint other = taint("dedicated", 3);
  node.taints = {other};
  pressure.said({ConditionStatus::yes, ConditionStatus::no, ConditionStatus::yes}, TimePoint{7},
                node);
  pressure.said({ConditionStatus::yes, ConditionStatus::no, ConditionStatus::yes}, TimePoint{9},
                node);
  EXPECT_EQ(node.taints,
            (std::vector<model::Taint>{other, taint("node.kubernetes.io/memory-pressure", 7),
                                       taint("node.kubernetes.io/pid-pressure", 7)}));
  pressure.said({ConditionStatus::no, ConditionStatus::yes, ConditionStatus::no}, TimePoint{11},
                node);
  EXPECT_EQ(node.taints,
            (std::vector<model::Taint>{other, taint("node.kubernetes.io/disk-pressure", 11)}));
  EXPECT_EQ(node.pressure.disk, ConditionStatus::yes);
}

TEST_F(NodePressureTest, ANodeThatIsNotHeardFromHasUnknownConditionsAndNoTaintOfThem) {
  pressure.said({ConditionStatus::yes, ConditionStatus::yes, ConditionStatus::yes}, TimePoint{7},
                node);
  ASSERT_EQ(node.taints.size(), 3U);
  pressure.unheard(TimePoint{9}, node);
  EXPECT_TRUE(node.taints.empty());
  EXPECT_EQ(node.pressure.memory, ConditionStatus::unknown);
  EXPECT_EQ(node.pressure.disk, ConditionStatus::unknown);
  EXPECT_EQ(node.pressure.pid, ConditionStatus::unknown);
}

TEST_F(NodePressureTest, AnAdministratorsTaintOfTheSameKeyAndOtherEffectStays) {
  model::Taint own = taint("node.kubernetes.io/disk-pressure", 1);
  own.effect = model::TaintEffect::no_execute;
  node.taints = {own};
  pressure.said({}, TimePoint{7}, node);
  EXPECT_EQ(node.taints, std::vector<model::Taint>{own});
}

}  // namespace
}  // namespace arcas::controllers
