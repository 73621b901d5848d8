#include <gtest/gtest.h>

#include "sim/scenario/schema.h"

namespace arcas::sim {
namespace {

TEST(NearestTest, FindsTheWordThatWasMeantAndLeavesOthersAlone) {
  const std::vector<std::string_view> words{"zones", "racks_per_zone", "node_shapes", "network"};
  EXPECT_EQ(nearest("zone", words), "zones");
  EXPECT_EQ(nearest("node_shape", words), "node_shapes");
  EXPECT_EQ(nearest("racks_pre_zone", words), "racks_per_zone");
  EXPECT_EQ(nearest("banana", words), "");
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest("x", {}), "");
}

}  // namespace
}  // namespace arcas::sim
