#include "core/controllers/endpoints.h"

#include <gtest/gtest.h>

namespace arcas::controllers {
namespace {

PodBehindService pod(const std::string& name, const std::string& address) {
  PodBehindService made;
  made.name = name;
  made.uid = "uid-of-" + name;
  made.address = address;
  made.ready = true;
  return made;
}

ServicePort numbered(std::int32_t target) {
  ServicePort port;
  port.target = target;
  return port;
}

TEST(Endpoints, PodsOfOneSetOfPortsAreOneGroupByAddress) {
  const std::vector<PodBehindService> pods{pod("b", "10.0.0.2"), pod("a", "10.0.0.1")};
  const std::vector<ServicePort> ports{numbered(8080)};
  const auto groups = group_endpoints(ports, pods);
  ASSERT_EQ(groups.size(), 1U);
  ASSERT_EQ(groups[0].pods.size(), 2U);
  EXPECT_EQ(groups[0].pods[0]->name, "a");
  EXPECT_EQ(groups[0].pods[1]->name, "b");
  ASSERT_EQ(groups[0].ports.size(), 1U);
  EXPECT_EQ(groups[0].ports[0].number, 8080);
}

TEST(Endpoints, AReadyPodWithoutAddressOrOneThatHasFinishedIsNotThere) {
  std::vector<PodBehindService> pods{pod("no-address", ""), pod("finished", "10.0.0.1")};
  pods[1].finished = true;
  const std::vector<ServicePort> ports{numbered(80)};
  EXPECT_TRUE(group_endpoints(ports, pods).empty());
}

TEST(Endpoints, APortByNameIsWhereEachPodHasIt) {
  std::vector<PodBehindService> pods{pod("old", "10.0.0.1"), pod("new", "10.0.0.2"),
                                     pod("other", "10.0.0.3")};
  pods[0].ports = {{"http", "TCP", 80}};
  pods[1].ports = {{"http", "UDP", 81}, {"http", "TCP", 8080}};
  pods[2].ports = {{"metrics", "TCP", 9090}};
  ServicePort port;
  port.name = "web";
  port.target_name = "http";
  const auto groups = group_endpoints(std::vector{port}, pods);
  ASSERT_EQ(groups.size(), 2U) << "the third pod has no such port";
  EXPECT_EQ(groups[0].ports[0].number, 80);
  EXPECT_EQ(groups[0].pods[0]->name, "old");
  EXPECT_EQ(groups[1].ports[0].number, 8080);
  EXPECT_EQ(groups[1].pods[0]->name, "new");
  EXPECT_EQ(groups[1].ports[0].name, "web");
}

TEST(Endpoints, AHeadlessServiceMayHaveNoPorts) {
  const std::vector<PodBehindService> pods{pod("a", "10.0.0.1")};
  const auto groups = group_endpoints({}, pods);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_TRUE(groups[0].ports.empty());
}

TEST(Endpoints, APodThatIsGoingServesOnlyWhereUnreadyAddressesArePublished) {
  PodBehindService going = pod("going", "10.0.0.1");
  going.terminating = true;
  EXPECT_FALSE(in_endpoints(going, false));
  EXPECT_TRUE(in_endpoints(going, true));
  EXPECT_FALSE(serves(going, false));
  EXPECT_TRUE(serves(going, true));
  PodBehindService starting = pod("starting", "10.0.0.2");
  starting.ready = false;
  EXPECT_TRUE(in_endpoints(starting, false));
  EXPECT_FALSE(serves(starting, false));
  EXPECT_TRUE(serves(pod("runs", "10.0.0.3"), false));
}

}  // namespace
}  // namespace arcas::controllers
