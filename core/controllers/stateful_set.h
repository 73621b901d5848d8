#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace arcas::controllers {

/// What a StatefulSet asks for.
struct StatefulSetSpec {
  std::int32_t replicas = 1;
  std::int32_t start = 0;      ///< the lowest ordinal
  bool parallel = false;       ///< podManagementPolicy Parallel: nothing waits for its neighbours
  bool on_delete = false;      ///< updateStrategy OnDelete: pods get a new revision when deleted
  std::int32_t partition = 0;  ///< of a rolling update: lower ordinals stay as they are
};

/// A pod of the set, by its ordinal.
struct StatefulPod {
  std::int32_t ordinal = 0;
  bool ready = false;
  bool terminating = false;
  bool finished = false;  ///< succeeded or failed: it is replaced
  bool updated = false;   ///< of the update revision
  bool current = false;   ///< of the current revision; both where they are one
};

/// What is to be done now. One step at a time where the set is ordered, so ask again when a pod
/// has changed.
struct StatefulSetPlan {
  struct Creation {
    std::int32_t ordinal = 0;
    bool updated = false;  ///< from the template of the update revision, else of the current one
  };
  std::vector<Creation> create;
  std::vector<std::int32_t> remove;
  // for the status
  std::int32_t replicas = 0;
  std::int32_t ready = 0;
  std::int32_t current = 0;
  std::int32_t updated = 0;
  /// Every pod is ready and of the update revision, which is the current one from now on.
  bool update_complete = false;
};

/// Kubernetes's rules: ordinals ascending when pods start, descending when they stop or are
/// updated; an ordered set waits until the pod before is ready; never two pods of one ordinal.
/// `one_revision`: the current and the update revision are the same. `pods` in any order, each
/// ordinal at most once. Cost: O(replicas + pods).
/// Source: Kubernetes 1.32, stateful_set_control.go.
StatefulSetPlan plan_stateful_set(const StatefulSetSpec& spec, bool one_revision,
                                  std::span<const StatefulPod> pods);

}  // namespace arcas::controllers
