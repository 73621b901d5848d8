#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace arcas::sim {

class RegionRun;

/// The region between two events, as stores and machines have it.
struct RegionState {
  struct Node {
    std::string name;
    std::string zone;
    bool up = false;  ///< the machine, in ground truth
    std::string ready;
    bool unschedulable = false;
    std::string taints;
    std::uint64_t agent_epoch = 0;
    std::int64_t pods_bound = 0;    ///< as its tenants' stores have it, finished ones left out
    std::int64_t pods_running = 0;  ///< in ground truth
  };
  struct Pod {
    std::string name;  ///< TENANT/NAMESPACE/NAME
    std::string phase;
    std::string node;  ///< empty: none
    bool terminating = false;
    std::string reason;
  };
  /// Who holds a lease, as the store has it.
  struct Leader {
    std::string partition;
    std::string lease;
    std::uint32_t actor = 0;
    std::uint64_t epoch = 0;
    double renewed_at_seconds = 0;
  };
  struct Store {
    std::string partition;
    bool quorum = false;
    std::uint64_t term = 0;
    std::int64_t revision = 0;
  };
  /// Something that waits.
  struct Queue {
    std::string name;
    std::int64_t length = 0;
  };

  TimePoint at;
  std::uint64_t events = 0;
  std::string hash;
  std::vector<Node> nodes;
  std::vector<Pod> pods;
  std::vector<Leader> leaders;
  std::vector<Store> stores;
  std::vector<Queue> queues;
};

/// Cost: O(nodes + pods).
RegionState state_of(RegionRun& run);

/// For people; pods one by one only when there are at most `most_pods`, else by phase.
std::string to_text(const RegionState& state, std::size_t most_pods);
std::string to_json(const RegionState& state);
/// One line for each node, pod, leader, store and queue, in a fixed order: two states are the same
/// exactly when their lines are.
std::vector<std::string> lines_of(const RegionState& state);

}  // namespace arcas::sim
