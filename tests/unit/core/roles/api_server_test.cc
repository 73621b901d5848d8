#include "core/roles/api_server.h"

#include <gtest/gtest.h>

#include "tests/support/role_world.h"

namespace arcas::roles {
namespace {

class ApiServerReports : public testing::Test {
 protected:
  ApiServerReports() : server_(world_.context(ActorId{10}), PartitionId{1}, world_) {
    server_.on_start();
  }
  /// A pod on node 0 in that phase.
  Uid pod(model::PodPhase phase, bool terminating = false) {
    model::Pod pod;
    pod.meta.name = {world_.catalog.intern("job"), ++names_};
    pod.node = NodeId{0};
    pod.phase = phase;
    if (terminating) pod.meta.deleted_at = world_.time;
    ports::Transaction transaction;
    transaction.pods.push_back({ports::Verb::create, 0, pod});
    return world_.put(std::move(transaction)).pods.at(0).uid;
  }
  void report(Uid pod, ports::PodReport::State state) {
    world_.tell(server_, ActorId{30}, ports::PodReport{state, pod, NodeId{0}, 1});
    world_.run_until(world_.time + world_.profile.status_batch_window, server_);
  }
  [[nodiscard]] const model::Pod* find(Uid pod) const { return world_.tables.pods.find(pod); }

  tests::RoleWorld world_;
  ApiServer server_;
  std::uint32_t names_ = 0;
};

TEST_F(ApiServerReports, AFinishedPodThatIsReportedStoppedStaysAsItFinished) {
  for (const auto phase : {model::PodPhase::succeeded, model::PodPhase::failed}) {
    const Uid uid = pod(phase);
    report(uid, ports::PodReport::State::stopped);
    ASSERT_NE(find(uid), nullptr);
    EXPECT_EQ(find(uid)->phase, phase);
    report(uid, ports::PodReport::State::running);
    EXPECT_EQ(find(uid)->phase, phase);
  }
}

TEST_F(ApiServerReports, AFinishedPodThatIsToGoIsRemovedWhenItHasStopped) {
  const Uid uid = pod(model::PodPhase::succeeded, true);
  report(uid, ports::PodReport::State::stopped);
  EXPECT_EQ(find(uid), nullptr);
}

TEST_F(ApiServerReports, ARunningPodThatIsReportedStoppedHasFailed) {
  const Uid uid = pod(model::PodPhase::running);
  report(uid, ports::PodReport::State::stopped);
  EXPECT_EQ(find(uid)->phase, model::PodPhase::failed);
}

TEST_F(ApiServerReports, AReportFromAnotherNodeIsIgnored) {
  const Uid uid = pod(model::PodPhase::running);
  world_.tell(server_, ActorId{30},
              ports::PodReport{ports::PodReport::State::stopped, uid, NodeId{1}, 1});
  world_.run_until(world_.time + seconds(1), server_);
  EXPECT_EQ(find(uid)->phase, model::PodPhase::running);
}

}  // namespace
}  // namespace arcas::roles
