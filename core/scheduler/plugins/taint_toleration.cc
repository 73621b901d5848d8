#include "core/scheduler/plugins/taint_toleration.h"

#include <algorithm>

#include "core/scheduler/plugins/normalization.h"
#include "core/scheduler/plugins/refusal.h"

namespace arcas::scheduler {

using model::find_toleration;
using model::TaintEffect;

const model::Taint* first_untolerated(const std::vector<model::Toleration>& tolerations,
                                      const std::vector<model::Taint>& taints) {
  for (const model::Taint& taint : taints) {
    if (taint.effect == TaintEffect::prefer_no_schedule) continue;
    if (find_toleration(tolerations, taint) == nullptr) return &taint;
  }
  return nullptr;
}

std::int64_t count_untolerated_soft(const std::vector<model::Toleration>& tolerations,
                                    const std::vector<model::Taint>& taints) {
  return std::count_if(taints.begin(), taints.end(), [&](const model::Taint& taint) {
    return taint.effect == TaintEffect::prefer_no_schedule &&
           find_toleration(tolerations, taint) == nullptr;
  });
}

namespace {

class TaintTolerationFilter final : public FilterPlugin {
 public:
  explicit TaintTolerationFilter(const Cycle& cycle)
      : catalog_(cycle.cluster.catalog()),
        nodes_(cycle.cluster.nodes()),
        tolerations_(cycle.spec().tolerations) {}

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    const NodeTable::Row& row = nodes_[node];
    if (row.zone_lost) {
      return refuse(Code::unresolvable,
                    "node(s) had untolerated taint {node.kubernetes.io/unreachable: }", reasons);
    }
    const model::Taint* taint = first_untolerated(tolerations_, row.object.taints);
    if (taint == nullptr) return Code::success;
    if (reasons != nullptr) {
      reasons->push_back("node(s) had untolerated taint {" + text(taint->key) + ": " +
                         text(taint->value) + "}");
    }
    return Code::unresolvable;
  }

 private:
  [[nodiscard]] std::string text(StringId id) const {
    return id.valid() ? catalog_.text(id) : std::string();
  }

  const model::Catalog& catalog_;
  const NodeTable& nodes_;
  const std::vector<model::Toleration>& tolerations_;
};

class TaintTolerationScore final : public ScorePlugin {
 public:
  explicit TaintTolerationScore(const Cycle& cycle)
      : nodes_(cycle.cluster.nodes()), tolerations_(cycle.spec().tolerations) {}

  std::int64_t score(NodeId node) const override {
    return count_untolerated_soft(tolerations_, nodes_[node].object.taints);
  }
  void normalize(std::span<const NodeId> /*feasible*/,
                 std::span<std::int64_t> scores) const override {
    normalize_by_largest_reversed(scores);
  }

 private:
  const NodeTable& nodes_;
  const std::vector<model::Toleration>& tolerations_;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_taint_toleration_filter(const Cycle& cycle) {
  return std::make_unique<TaintTolerationFilter>(cycle);
}

std::unique_ptr<ScorePlugin> make_taint_toleration_score(const Cycle& cycle) {
  return std::make_unique<TaintTolerationScore>(cycle);
}

}  // namespace arcas::scheduler
