#include <algorithm>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I51: a pod is evicted for a taint only when a NoExecute taint has been on its node without a
/// break for as long as the pod tolerates it. The taints that count are those of the commits, and
/// those that went within `view_lag`: the news may have been under way. A taint begins `view_lag`
/// before the commit that shows it, as its author may have decided then.
class TaintTolerated final : public Checker {
 public:
  TaintTolerated(const ClusterFacts& known, const CheckOptions& options)
      : Checker(known),
        lag_(options.view_lag),
        default_seconds_(options.default_toleration_seconds) {}
  [[nodiscard]] std::string_view name() const override { return "I51 taint-tolerated"; }
  [[nodiscard]] Interests interests() const override {
    return {.objects = true, .deactivated = true};
  }

  void on_object(const ObjectStep& step) override {
    const auto* node = std::get_if<model::Node>(step.object);
    if (node == nullptr || !node->id.valid()) return;
    if (node->id.index >= nodes_.size()) nodes_.resize(std::size_t{node->id.index} + 1);
    std::vector<Held>& held = nodes_[node->id.index];
    const auto same = [](const model::Taint& a, const model::Taint& b) {
      return a.key == b.key && a.value == b.value && a.effect == b.effect;
    };
    for (Held& taint : held) {
      const bool there = step.type != ports::ChangeType::removed &&
                         std::any_of(node->taints.begin(), node->taints.end(),
                                     [&](const model::Taint& t) { return same(t, taint.taint); });
      if (!there && taint.until == TimePoint::max()) taint.until = step.now;
    }
    std::erase_if(held, [&](const Held& taint) {
      return taint.until != TimePoint::max() && step.now - taint.until > lag_;
    });
    if (step.type == ports::ChangeType::removed) return;
    for (const model::Taint& taint : node->taints) {
      if (taint.effect != model::TaintEffect::no_execute) continue;
      const bool known = std::any_of(held.begin(), held.end(), [&](const Held& h) {
        return h.until == TimePoint::max() && same(h.taint, taint);
      });
      if (!known) held.push_back({taint, step.now, TimePoint::max()});
    }
  }

  void on_pod(const PodStep& step) override {
    const model::Pod& pod = *step.pod;
    if (step.removed || !pod.meta.terminating() || !pod.reason.valid()) return;
    const model::Catalog& catalog = *facts().catalog;
    if (pod.reason != catalog.strings.find("DeletionByTaintManager")) return;
    evaluated();
    bool any = false;
    if (pod.node.index < nodes_.size()) {
      for (const Held& held : nodes_[pod.node.index]) {
        if (held.until != TimePoint::max() && step.now - held.until > lag_) continue;
        any = true;
        const std::int64_t tolerated = tolerated_seconds(pod, held.taint);
        if (tolerated >= 0 && step.now + lag_ >= held.since + seconds(tolerated)) return;
      }
    }
    violate(step, facts().pod_text(pod.meta.uid) + " was evicted for a taint of " +
                      facts().node_text(pod.node.index) +
                      (any ? ", which it tolerates for longer" : ", which has none"));
  }

 private:
  struct Held {
    model::Taint taint;
    TimePoint since;
    TimePoint until;
  };

  /// < 0: for ever.
  [[nodiscard]] std::int64_t tolerated_seconds(const model::Pod& pod,
                                               const model::Taint& taint) const {
    const auto& tolerations = facts().spec(pod.spec.index).tolerations;
    if (const auto* found = model::find_toleration(tolerations, taint)) return found->seconds;
    const std::string& key = facts().catalog->strings.text(taint.key);
    const bool by_default =
        key == "node.kubernetes.io/not-ready" || key == "node.kubernetes.io/unreachable";
    return by_default ? default_seconds_ : 0;
  }

  Duration lag_;
  std::int64_t default_seconds_;
  std::vector<std::vector<Held>> nodes_;  // NoExecute taints, by node
};

}  // namespace

std::unique_ptr<Checker> make_taint_tolerated(const ClusterFacts& facts,
                                              const CheckOptions& options) {
  return std::make_unique<TaintTolerated>(facts, options);
}

}  // namespace arcas::sim
