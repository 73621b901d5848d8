#include "core/controllers/stateful_set.h"

#include <map>

namespace arcas::controllers {
namespace {

bool healthy(const StatefulPod& pod) { return pod.ready && !pod.terminating && !pod.finished; }

class Planner {
 public:
  Planner(const StatefulSetSpec& spec, bool one_revision, std::span<const StatefulPod> pods)
      : spec_(spec), one_revision_(one_revision) {
    for (const StatefulPod& pod : pods) pods_.emplace(pod.ordinal, pod);
  }

  StatefulSetPlan run() {
    count();
    if (start() && stop()) update();
    return plan_;
  }

 private:
  [[nodiscard]] bool wanted(std::int32_t ordinal) const {
    return ordinal >= spec_.start && ordinal - spec_.start < spec_.replicas;
  }

  void count() {
    for (const auto& [ordinal, pod] : pods_) {
      ++plan_.replicas;
      plan_.ready += healthy(pod) ? 1 : 0;
      if (pod.terminating) continue;
      plan_.current += pod.current ? 1 : 0;
      plan_.updated += pod.updated ? 1 : 0;
    }
    plan_.update_complete = !spec_.on_delete && plan_.updated == spec_.replicas &&
                            plan_.ready == spec_.replicas && plan_.replicas == spec_.replicas;
  }

  /// A pod that a rolling update has not come to is made anew as it was.
  [[nodiscard]] bool made_updated(std::int32_t ordinal) const {
    if (one_revision_) return true;
    if (spec_.on_delete) return true;
    if (spec_.partition > 0) return ordinal >= spec_.start + spec_.partition;
    return ordinal >= spec_.start + plan_.current;
  }

  /// Makes what is missing. False: nothing else may happen yet.
  bool start() {
    for (std::int32_t i = 0; i < spec_.replicas; ++i) {
      const std::int32_t ordinal = spec_.start + i;
      const auto found = pods_.find(ordinal);
      if (found == pods_.end()) {
        plan_.create.push_back({ordinal, made_updated(ordinal)});
        if (!spec_.parallel) return false;
        continue;
      }
      const StatefulPod& pod = found->second;
      if (pod.finished && !pod.terminating) {
        plan_.remove.push_back(ordinal);
        if (!spec_.parallel) return false;
        continue;
      }
      if (!spec_.parallel && !healthy(pod)) return false;
    }
    return true;
  }

  /// Takes down what is beyond, the highest first, in good health or not: those that stay are well
  /// by now where the set is ordered.
  bool stop() {
    for (auto it = pods_.rbegin(); it != pods_.rend(); ++it) {
      const auto& [ordinal, pod] = *it;
      if (wanted(ordinal)) continue;
      if (pod.terminating) {
        if (!spec_.parallel) return false;
        continue;
      }
      plan_.remove.push_back(ordinal);
      if (!spec_.parallel) return false;
    }
    return true;
  }

  /// One pod after the other, the highest first, whatever the policy is.
  void update() {
    if (spec_.on_delete || one_revision_) return;
    for (auto it = pods_.rbegin(); it != pods_.rend(); ++it) {
      const auto& [ordinal, pod] = *it;
      if (!wanted(ordinal)) continue;
      if (ordinal < spec_.start + spec_.partition) return;
      if (!pod.updated && !pod.terminating) {
        plan_.remove.push_back(ordinal);
        return;
      }
      if (!healthy(pod)) return;
    }
  }

  const StatefulSetSpec& spec_;
  const bool one_revision_;
  std::map<std::int32_t, StatefulPod> pods_;
  StatefulSetPlan plan_;
};

}  // namespace

StatefulSetPlan plan_stateful_set(const StatefulSetSpec& spec, bool one_revision,
                                  std::span<const StatefulPod> pods) {
  return Planner(spec, one_revision, pods).run();
}

}  // namespace arcas::controllers
