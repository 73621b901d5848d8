#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>

#include "core/scheduler/pod_class.h"

namespace arcas::scheduler {

/// Chooses between groups of nodes for one pod. Within a group all normalised scores and all rules
/// between pods are the same, so a group is known by its traits and its best local score.
/// Cost: O(groups × rules).
class GroupChooser {
 public:
  GroupChooser(Cluster& cluster, const SchedulerProfile& profile, const PodClass& pod_class);

  /// Whether the rules between pods let the pod go to the nodes of a group.
  [[nodiscard]] bool passes(const GroupTraits& traits);
  /// A group that passes and has `feasible` nodes, the best of local score `local`. `traits` must
  /// live until `choose`; `feasible` matters only for soft spread over host names.
  void offer(const GroupTraits& traits, std::int32_t local, std::uint32_t feasible,
             std::uint32_t group);
  struct Choice {
    std::uint32_t group = 0;
    std::int64_t total = 0;
  };
  /// The groups whose best nodes have the highest total score; none when nothing was offered.
  [[nodiscard]] boost::container::small_vector<Choice, 4> best();

 private:
  struct Option {
    const GroupTraits* traits = nullptr;
    std::int32_t local = 0;
    std::uint32_t feasible = 0;
    std::uint32_t group = 0;
    std::int64_t spread = 0;
    std::int64_t affinity = 0;  // between pods
    bool spread_counts = true;  // has all soft keys, where they are asked for
  };
  [[nodiscard]] std::int64_t count(const GroupTraits& traits, std::uint8_t axis, CounterId counter);
  [[nodiscard]] bool passes_affinity(const GroupTraits& traits);
  [[nodiscard]] std::size_t domains(std::size_t rule) const;
  void score_spread();
  void score_affinity();

  Cluster& cluster_;
  const SchedulerProfile& profile_;
  const PodClass& class_;
  boost::container::small_vector<std::int64_t, 4> minima_;  // by hard rule
  boost::container::small_vector<Option, 8> options_;
};

}  // namespace arcas::scheduler
