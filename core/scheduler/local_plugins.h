#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/scheduler/framework.h"
#include "core/scheduler/shape.h"

namespace arcas::scheduler {

/// The part of a profile that looks at one node at a time, for all pods of one shape: what the
/// index keeps for each node. Plugins that look further (spread, affinity between pods, volumes)
/// are not here. Lives as long as its cluster.
class LocalPlugins {
 public:
  static constexpr std::int32_t kInfeasible = -1;

  /// `images`: the spec by whose images ImageLocality scores; none: it gives nothing to any node.
  LocalPlugins(Cluster& cluster, const SchedulerProfile& profile, const Shape& shape,
               SpecId images);
  /// The nodes' images changed.
  void read_images();

  /// Filters that read nothing other pods change.
  [[nodiscard]] bool static_ok(NodeId node) const;
  /// Ports and resources; then the weighted sum of the scores that need no normalising, or
  /// kInfeasible. Cost: O(resource kinds).
  [[nodiscard]] std::int32_t score(NodeId node) const;
  /// NodeAffinity's and TaintToleration's raw scores; 0 where the profile has them not.
  [[nodiscard]] std::int64_t preferred(NodeId node) const;
  [[nodiscard]] std::int64_t taints(NodeId node) const;

 private:
  [[nodiscard]] std::int32_t usual_score(NodeId node) const;

  Cluster& cluster_;
  const SchedulerProfile& profile_;
  PodEntry representative_;
  PodEntry with_images_;
  Cycle cycle_;
  Cycle images_cycle_;
  const Shape& shape_;
  bool usual_ = false;  // cpu and memory, least or most allocated: the inlined way
  bool most_allocated_ = false;
  bool needs_others_ = false;  // kinds beside cpu, memory and pods
  std::int64_t needs_cpu_ = 0;
  std::int64_t needs_memory_ = 0;
  std::int64_t fit_weight_ = 0;
  std::int64_t balanced_weight_ = 0;
  std::vector<std::unique_ptr<FilterPlugin>> static_filters_;
  std::vector<std::unique_ptr<FilterPlugin>> usage_filters_;
  std::vector<std::pair<std::unique_ptr<ScorePlugin>, std::int64_t>> scores_;
  std::unique_ptr<ScorePlugin> images_;
  std::int64_t image_weight_ = 0;
  std::unique_ptr<ScorePlugin> preferred_;
  std::unique_ptr<ScorePlugin> taints_;
};

/// Weight of a score plugin in a profile; 0: not enabled.
std::int64_t weight_of(const SchedulerProfile& profile, PluginId plugin);

}  // namespace arcas::scheduler
