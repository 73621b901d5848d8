#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I41: a daemon set has at most one pod on each node that is neither terminating nor finished.
/// Checked when one of its pods is bound.
class DaemonOnce final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I41 daemon-once"; }
  [[nodiscard]] Interests interests() const override {
    return {.bound = true, .deactivated = true};
  }

  void on_pod(const PodStep& step) override {
    if (step.owner == ObjectFacts::kNone) return;
    const OwnerFacts& owner = facts().owners[step.owner];
    if (owner.kind != model::Kind::daemon_set) return;
    if (step.deactivated && step.before.bound()) {
      const auto it = pods_.find(key(step.owner, step.before.node));
      if (it != pods_.end() && --it->second == 0) pods_.erase(it);
      return;
    }
    if (!step.bound || step.pod->meta.terminating() || step.pod->terminal()) return;
    evaluated();
    std::uint32_t& count = pods_[key(step.owner, step.pod->node.index)];
    count += 1;
    if (count == 1) return;
    violate(step, "the daemon set of " + facts().pod_text(step.pod->meta.uid) + " has " +
                      std::to_string(count) + " active pods on " +
                      facts().node_text(step.pod->node.index) + "; one is right");
  }

 private:
  static std::uint64_t key(std::uint32_t owner, std::uint32_t node) {
    return (std::uint64_t{owner} << 32U) | node;
  }
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, StableHash> pods_;
};

}  // namespace

std::unique_ptr<Checker> make_daemon_once(const ClusterFacts& facts) {
  return std::make_unique<DaemonOnce>(facts);
}

}  // namespace arcas::sim
