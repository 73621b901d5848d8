#include <algorithm>
#include <map>
#include <utility>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// L05: while the core of a tenant partition's control plane is whole (see on_core), every lease of
/// its roles is renewed, by whoever holds it, at least every `leader_bound`. So a leader that is
/// lost has a successor by then.
class LeaderBack final : public Checker {
 public:
  LeaderBack(const ClusterFacts& known, const CheckOptions& options)
      : Checker(known), bound_(options.leader_bound) {}
  [[nodiscard]] std::string_view name() const override { return "L05 leader-back"; }
  [[nodiscard]] Interests interests() const override { return {.objects = true}; }

  void on_core(PartitionId partition, bool whole, TimePoint now) override {
    judge_all(partition, now);
    whole_since_[partition] = whole ? now : TimePoint{-1};
  }

  void on_object(const ObjectStep& step) override {
    const auto* lease = std::get_if<model::Lease>(step.object);
    if (lease == nullptr || !whole_since_.contains(step.partition)) return;
    Held& held = leases_[{step.partition, lease->meta.name.base}];
    if (held.holder.valid()) judge(step.partition, held, lease->meta.name.base, step.now);
    if (held.holder.valid() && held.holder != lease->holder) evaluated();
    held = {lease->holder, step.now};
  }

  void on_quiescent(TimePoint now) override {
    for (const auto& [partition, since] : whole_since_) judge_all(partition, now);
  }

 private:
  struct Held {
    ActorId holder;
    TimePoint renewed;
  };

  void judge_all(PartitionId partition, TimePoint now) {
    for (const auto& [key, held] : leases_) {
      if (key.first == partition) judge(partition, held, key.second, now);
    }
  }
  void judge(PartitionId partition, const Held& held, StringId lease, TimePoint now) {
    const auto since = whole_since_.find(partition);
    if (since == whole_since_.end() || since->second.ns < 0) return;
    const Duration age = now - std::max(held.renewed, since->second);
    if (age <= bound_) return;
    violate(now, partition, 0,
            "nobody has renewed lease " + facts().catalog->strings.text(lease) + " for " +
                to_string(age) +
                " while a majority of the store, an api server and an instance "
                "of each role could; the bound is " +
                to_string(bound_));
  }

  Duration bound_;
  std::map<PartitionId, TimePoint> whole_since_;  // < 0: the core is not whole
  std::map<std::pair<PartitionId, StringId>, Held> leases_;
};

}  // namespace

std::unique_ptr<Checker> make_leader_back(const ClusterFacts& facts, const CheckOptions& options) {
  return std::make_unique<LeaderBack>(facts, options);
}

}  // namespace arcas::sim
