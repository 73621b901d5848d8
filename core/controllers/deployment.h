#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/controllers/effects.h"
#include "core/model/catalog.h"
#include "core/state/pod_table.h"

namespace arcas::controllers {

struct DeploymentConfig {
  std::size_t history_limit = 10;  ///< empty old ReplicaSets kept; source: revisionHistoryLimit
};

/// Rolls a Deployment's template out over ReplicaSets, one for each template.
///
/// The ReplicaSet's name is the Deployment's with a hash of the template as generated suffix; its
/// pods carry the label `pod-template-hash`. One step per sync: first up, then down. The
/// number of available pods stays at or above replicas − maxUnavailable, and that of pods at or
/// below replicas + maxSurge. Holds no state: everything is read from the ReplicaSets.
/// Differs from Kubernetes: a change of `replicas` in the middle of a roll-out is not dealt out in
/// proportion; growth goes to the new ReplicaSet and shrinkage comes from the old ones first.
/// Source: Kubernetes, deployment/rolling.go, recreate.go, sync.go; invariant I37.
class DeploymentController {
 public:
  DeploymentController(DeploymentConfig config, model::Catalog& catalog);

  /// `sets`: the ReplicaSets that this Deployment owns, in any order.
  /// Cost: O(sets); for strategy `recreate` also O(1) per set for the pods' counts.
  void sync(TimePoint now, const model::Deployment& deployment,
            std::span<const model::ReplicaSet* const> sets, const state::PodTable& pods,
            Effects& out);

 private:
  struct Rollout;

  static bool reused(const Rollout& rollout);
  static void raise_revision(const Rollout& rollout, Effects& out);
  void create_new_set(const Rollout& rollout, std::int32_t replicas, Effects& out);
  void roll(Rollout& rollout, Effects& out);
  void recreate(Rollout& rollout, const state::PodTable& pods, Effects& out);
  void scale_paused(Rollout& rollout, Effects& out);
  void clean_up(const Rollout& rollout, Effects& out);
  void write_status(const Rollout& rollout, Effects& out);
  [[nodiscard]] bool same_template(const model::ReplicaSet& set,
                                   const model::Deployment& deployment) const;

  DeploymentConfig config_;
  model::Catalog& catalog_;
  StringId hash_label_;
};

/// maxSurge (rounded up) and maxUnavailable (rounded down) as counts; both 0 becomes (0, 1).
struct RolloutLimits {
  std::int32_t surge = 0;
  std::int32_t unavailable = 0;
};
RolloutLimits rollout_limits(const model::Deployment& deployment);

}  // namespace arcas::controllers
