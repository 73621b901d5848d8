#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>

#include "core/base/hash.h"
#include "core/base/time.h"
#include "core/model/catalog.h"
#include "core/ports/node_runtime.h"

namespace arcas::agent {

/// How long things take on a hollow node. Each time is drawn from its range by the pod's uid.
struct HollowTimes {
  Duration container_start_min = milliseconds(20);
  Duration container_start_max = milliseconds(80);
  Duration machine_start_min = milliseconds(200);
  Duration machine_start_max = milliseconds(800);
  Duration stop = milliseconds(20);
  /// How long the work of a pod lasts that is not to be restarted for ever (restartPolicy).
  Duration work = seconds(2);
};

/// A runtime that runs nothing: it says that pods start, finish and stop, in the times it is given.
/// For thousands of agents in one process, so that a control plane can be tried at full size. One
/// thread. Memory: about 50 bytes a pod.
class HollowRuntime final : public ports::NodeRuntime {
 public:
  /// Calls `work` after a while, on the thread of the agents.
  using After = std::function<void(Duration, std::function<void()> work)>;
  /// Hands an event to an agent, as an input of its own.
  using Tell = std::function<void(ActorId agent, ports::RuntimeEvent event)>;

  HollowRuntime(const model::Catalog& catalog, HollowTimes times, After after, Tell tell);

  void start(ActorId self, Uid pod, SpecId spec) override;
  void stop(ActorId self, Uid pod, Duration grace) override;
  [[nodiscard]] std::size_t pods() const { return lives_.size(); }

 private:
  using Type = ports::RuntimeEvent::Type;
  /// Tells `type` later, unless the pod has been started or stopped anew by then.
  void later(Duration wait, ActorId self, Uid pod, std::uint64_t life, Type type);
  [[nodiscard]] Duration start_time(Uid pod, SpecId spec) const;

  const model::Catalog& catalog_;
  HollowTimes times_;
  After after_;
  Tell tell_;
  std::uint64_t next_life_ = 1;
  boost::unordered_flat_map<std::uint64_t, std::uint64_t, StableHash> lives_;  // by uid
};

}  // namespace arcas::agent
