#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "core/scheduler/best_score.h"
#include "core/scheduler/custom_policy.h"
#include "core/scheduler/local_plugins.h"
#include "core/scheduler/pod_class.h"
#include "core/scheduler/selection.h"

namespace arcas::scheduler {

/// Lets a policy from outside choose among the nodes that pass the profile's filters.
///
/// Of a row-wise policy the scores are kept for each shape of pods, and each question asks it in
/// one call about the nodes that changed since. Cost of a decision then: that call and O(shapes in
/// use × log nodes); for pods with rules between pods, with volumes or named nodes, and of any
/// other policy: O(nodes × filters). Memory: up to 32 bytes a node for each of kMostShapes shapes.
class CustomSelection {
 public:
  static constexpr std::size_t kMostShapes = 128;

  CustomSelection(CustomPolicy& policy, Cluster& cluster, const SchedulerProfile& profile,
                  const Nominations& nominations);

  Selection select(TimePoint now, Uid uid, const PodEntry& pod, const PodClass& pod_class);

 private:
  struct Kept {
    Kept(Cluster& cluster, const SchedulerProfile& profile, const Shape& wanted)
        : shape(wanted), local(cluster, profile, shape, SpecId{}) {}
    Shape shape;
    LocalPlugins local;
    ShapeId id;
    bool built = false;
    std::uint64_t log_position = 0;
    std::uint64_t last_use = 0;
    BestScore scores;
  };

  Kept& kept_of(ShapeId shape);
  [[nodiscard]] bool passes(const Kept& kept, NodeId node, const policies::PodView& pod) const;
  [[nodiscard]] std::vector<NodeId> changed_since(Kept& kept) const;
  bool refresh(Kept& kept, const PolicyQuestion& question);
  Selection among(const PolicyQuestion& question, const std::vector<NodeId>& feasible);

  CustomPolicy& policy_;
  std::unique_ptr<PolicySession> session_;
  Cluster& cluster_;
  const SchedulerProfile& profile_;
  const Nominations& nominations_;
  std::deque<std::unique_ptr<Kept>> kept_;
  std::uint64_t uses_ = 0;
  std::vector<double> ratings_;  // reused
};

}  // namespace arcas::scheduler
