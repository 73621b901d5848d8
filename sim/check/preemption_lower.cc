#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I31, in part: whoever is preempted has a lower priority than some pod for which room was being
/// made on that node (its `nominated`) at the commit, or within `view_lag` before. Whether a budget
/// could have been kept is not judged.
class PreemptionLower final : public Checker {
 public:
  PreemptionLower(const ClusterFacts& known, const CheckOptions& options)
      : Checker(known), lag_(options.view_lag) {}
  [[nodiscard]] std::string_view name() const override { return "I31 preemption-lower"; }
  [[nodiscard]] Interests interests() const override {
    return {.batches = true, .deactivated = true};
  }

  void on_batch(PartitionId, const ports::ChangeBatch& batch, TimePoint now) override {
    for (const ports::PodChange& change : batch.pods) {
      const model::Pod& pod = change.pod;
      if (!pod.nominated.valid()) continue;
      const bool waits =
          change.type != ports::ChangeType::removed && !pod.node.valid() && !pod.meta.terminating();
      Nominee& nominee = nominees_[pod.meta.uid];
      if (!waits && nominee.node == NodeId{}) {
        nominees_.erase(pod.meta.uid);
        continue;
      }
      nominee = {pod.nominated, facts().spec(pod.spec.index).priority,
                 waits ? TimePoint::max() : now + lag_};
    }
  }

  void on_pod(const PodStep& step) override {
    if (step.removed || !step.pod->meta.terminating() || !step.pod->reason.valid()) return;
    const model::Catalog& catalog = *facts().catalog;
    if (step.pod->reason != catalog.strings.find("Preempted")) return;
    evaluated();
    const std::int32_t victim = facts().spec(step.pod->spec.index).priority;
    boost::unordered::erase_if(nominees_,
                               [&](const auto& entry) { return entry.second.until < step.now; });
    bool any = false;
    for (const auto& [uid, nominee] : nominees_) {
      if (nominee.node != step.pod->node) continue;
      any = true;
      if (nominee.priority > victim) return;
    }
    violate(step, facts().pod_text(step.pod->meta.uid) + " of priority " + std::to_string(victim) +
                      " was preempted on " + facts().node_text(step.pod->node.index) +
                      (any ? " for pods of no higher priority" : " for nobody"));
  }

 private:
  struct Nominee {
    NodeId node;
    std::int32_t priority = 0;
    TimePoint until;
  };
  Duration lag_;
  boost::unordered_flat_map<Uid, Nominee, StableHash> nominees_;  // and those of a moment ago
};

}  // namespace

std::unique_ptr<Checker> make_preemption_lower(const ClusterFacts& facts,
                                               const CheckOptions& options) {
  return std::make_unique<PreemptionLower>(facts, options);
}

}  // namespace arcas::sim
