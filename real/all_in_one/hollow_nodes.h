#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "agent/hollow/hollow_runtime.h"
#include "core/roles/node_agent.h"
#include "real/control/control_plane.h"

namespace arcas::real {

/// Nodes without machines, all alike, dealt over zones "zone-a", "zone-b"…
struct HollowNodesOptions {
  static constexpr std::string_view kPrefix = "hollow-";
  std::uint32_t count = 0;
  std::uint32_t zones = 3;
  std::int64_t cpu_milli = 32'000;
  std::int64_t memory_bytes = std::int64_t{256} << 30U;
  std::int64_t pods = 110;
  std::string name_prefix{kPrefix};  ///< "hollow-00017"
  agent::HollowTimes times;
};

/// The address that a pod on a hollow node shows, by the number of its uid: 10.0.0.0/8, so that 16
/// million pods in a row have different ones. Nothing answers there.
std::string hollow_address(Uid pod);

/// Node agents with a hollow runtime in the process of the control plane: the core's own agents, so
/// that everything but the containers is real.
class HollowNodes {
 public:
  HollowNodes(LocalAgents place, HollowNodesOptions options);
  ~HollowNodes();

  /// Starts all agents; they register by themselves.
  void start();
  void stop();
  [[nodiscard]] std::size_t pods() const { return runtime_.pods(); }

 private:
  [[nodiscard]] model::Node machine(std::uint32_t index) const;

  LocalAgents parts_;
  HollowNodesOptions options_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  agent::HollowRuntime runtime_;
  roles::NodeAgentContext shared_;
  std::deque<roles::NodeAgent> agents_;
  std::deque<ActorId> ids_;
};

}  // namespace arcas::real
