#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I34: a pod runs in at most one place, on the node it is bound to, and only if a commit created
/// it. A pod whose object was removed may run, and even start, until its agent learns of it.
class RunsOnce final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I34 runs-once"; }
  [[nodiscard]] Interests interests() const override { return {.ground_truth = true}; }

  void on_running(Uid pod, NodeId node, std::uint32_t before, TimePoint now) override {
    evaluated();
    const ObjectFacts* entry = facts().find(pod);
    std::string wrong;
    if (before != ObjectFacts::kNone) {
      wrong = "while it runs on " + facts().node_text(before);
    } else if (!facts().ever_created(pod)) {
      wrong = "though no commit created it";
    } else if (entry != nullptr && entry->exists() && entry->node != node.index) {
      wrong = entry->bound() ? "though it is bound to " + facts().node_text(entry->node)
                             : std::string("though it is bound to no node");
    }
    if (wrong.empty()) return;
    violate(
        now, {}, 0,
        facts().pod_text(pod) + " began to run on " + facts().node_text(node.index) + " " + wrong);
  }
};

}  // namespace

std::unique_ptr<Checker> make_runs_once(const ClusterFacts& facts) {
  return std::make_unique<RunsOnce>(facts);
}

}  // namespace arcas::sim
