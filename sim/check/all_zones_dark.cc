#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I49, in part: while no zone has a ready node by the commits, nothing is evicted (CheckSuite says
/// what an eviction is). Evictions decided before may still commit for `eviction_lag`. With
/// `grace_after_all_dark` none commit for that long afterwards either.
class AllZonesDark final : public Checker {
 public:
  AllZonesDark(const ClusterFacts& known, const CheckOptions& options)
      : Checker(known), lag_(options.eviction_lag), grace_(options.grace_after_all_dark) {}
  [[nodiscard]] std::string_view name() const override { return "I49 all-zones-dark"; }
  [[nodiscard]] Interests interests() const override { return {.deactivated = true}; }

  void on_pod(const PodStep& step) override {
    if (!step.evicted) return;
    evaluated();
    const TimePoint since = facts().all_dark_since;
    const TimePoint until = facts().all_dark_until;
    if (since.ns >= 0 && step.now - since > lag_) {
      violate(step, facts().pod_text(step.pod->meta.uid) + " was evicted " +
                        to_string(step.now - since) + " after all zones went dark");
    } else if (since.ns < 0 && until.ns >= 0 && step.now - until < grace_) {
      violate(step, facts().pod_text(step.pod->meta.uid) + " was evicted " +
                        to_string(step.now - until) +
                        " after a zone came back from all dark; every node's grace begins anew");
    }
  }

  void on_quiescent(TimePoint) override {
    if (facts().all_dark_since.ns >= 0 || facts().all_dark_until.ns >= 0) evaluated();
  }

 private:
  Duration lag_;
  Duration grace_;
};

}  // namespace

std::unique_ptr<Checker> make_all_zones_dark(const ClusterFacts& facts,
                                             const CheckOptions& options) {
  return std::make_unique<AllZonesDark>(facts, options);
}

}  // namespace arcas::sim
