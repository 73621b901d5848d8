#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/hash.h"
#include "core/base/rate_limiter.h"
#include "core/roles/context.h"
#include "core/roles/leadership.h"
#include "core/roles/scheduler_share.h"
#include "core/scheduler/scheduler.h"

namespace arcas::roles {

/// Places the pods of one tenant partition, or a share of them, on the nodes of all resource
/// partitions. Several instances of each share; one leads. Cycle: decide a batch, claim its
/// capacity at the nodes' resource partitions, bind what was granted, put the rest back in the
/// queue.
class SchedulerRole final : public ports::Actor {
 public:
  SchedulerRole(RoleContext context, PartitionId partition, SchedulerShare share = {});

  void on_start() override;
  void on_stop() override { stop_leading(); }
  void on_message(ActorId from, ports::Message& message) override;
  void on_timer(std::uint64_t tag) override;
  void on_peer_lost(ActorId peer) override;

  /// Decisions taken since the start (for reports).
  struct Counters {
    std::uint64_t decisions = 0;
    std::uint64_t unschedulable = 0;
    std::uint64_t claims_granted = 0;
    std::uint64_t claims_rejected = 0;
    std::uint64_t bound = 0;
    std::uint64_t gangs_started = 0;
    std::uint64_t gang_timeouts = 0;
    std::uint64_t gang_conflicts = 0;
    std::uint64_t by_flow = 0;  ///< see scheduler::Scheduler::Stats
    std::uint64_t flow_batches = 0;
    std::uint64_t flow_fallbacks = 0;
    std::uint64_t flow_gap = 0;
  };
  [[nodiscard]] const Counters& counters() const { return counters_; }
  /// The decider of the leading instance, else nullptr.
  [[nodiscard]] const scheduler::Scheduler* decider() const { return scheduler_.get(); }
  /// The same to ask it why (Scheduler::why_pending, rate), which leaves what it knows as it is.
  [[nodiscard]] scheduler::Scheduler* decider() { return scheduler_.get(); }
  [[nodiscard]] PartitionId partition() const { return partition_; }
  [[nodiscard]] const SchedulerShare& share() const { return share_; }
  /// What the decider is told of a pod without a node.
  static scheduler::PendingPod pending_of(const model::Pod& pod);

 private:
  /// The feed of one resource partition's nodes.
  struct NodeFeed {
    ActorId node_manager;
    std::uint32_t attempt = 0;
    std::uint32_t session = 0;
    bool synced = false;
    TimePoint asked_at;
    TimePoint away_since;                    // nothing has been heard since
    TimePoint usable_at = TimePoint::max();  // when a feed that is back may be used
  };
  /// Placements of one cycle that wait for one resource partition's answer.
  struct Claim {
    std::uint32_t resource_partition = 0;
    TimePoint asked_at;
    std::vector<ports::ClaimItem> items;
  };
  struct Binding {
    std::vector<ports::ClaimItem> items;
  };

  void lead();
  void begin_anew();
  void stop_leading();
  void open_watches();
  std::uint32_t open_watch(ports::WatchScope scope);
  void open_node_watch(std::uint32_t resource_partition);
  void lose_feed(std::uint32_t resource_partition);
  void retry_node_watches();
  [[nodiscard]] bool ready() const;

  void handle(ActorId from, const ports::WatchEvents& events);
  void apply(const ports::PodChange& change);
  void disown(const model::Pod& pod);
  void apply_owner(const ports::ObjectChange& change);
  void apply_budget(const ports::ObjectChange& change);
  void ask_for_budgets();
  void handle(ActorId from, const ports::NodeEvents& events);
  void handle(const ports::ClaimReply& reply);
  void handle(const ports::BindReply& reply);

  void wake(TimePoint at);
  void run_cycle();
  void dispatch(std::vector<scheduler::Scheduler::Decision>& decisions, TimePoint done);
  void bind(std::vector<ports::ClaimItem> items, TimePoint not_before);
  void refuse(const ports::ClaimItem& item);
  void settle_gangs();
  void count_stats();
  void release(std::vector<std::vector<Uid>> by_partition);
  void mark_feed(std::uint32_t resource_partition, bool usable);
  void feed_synced(std::uint32_t resource_partition);
  void use_returned_feeds();

  RoleContext context_;
  PartitionId partition_;
  SchedulerShare share_;
  Leadership leadership_;
  std::unique_ptr<scheduler::Scheduler> scheduler_;
  scheduler::Scheduler::Stats counted_;  // of scheduler_, as far as they are in counters_
  std::vector<NodeFeed> feeds_;          // by position of the resource partition
  RateLimiter limiter_;

  std::uint32_t session_ = 0;         // counts over all watches
  std::uint32_t pod_session_ = 0;     // of the pod watch in use
  std::uint32_t owner_session_ = 0;   // of the watch of pods' owners
  std::uint32_t budget_session_ = 0;  // of the watch of disruption budgets; 0: none is open
  bool pods_synced_ = false;
  TimePoint next_cycle_ = TimePoint::max();  // the armed wake-up
  TimePoint busy_until_;
  std::uint64_t cycle_ = 0;
  boost::unordered_flat_map<std::uint64_t, Claim, StableHash> claims_;  // by cycle and partition
  boost::unordered_flat_map<std::uint64_t, Binding, StableHash> bindings_;  // by request id
  std::uint64_t next_binding_ = 1;
  std::vector<scheduler::Scheduler::Decision> decisions_;  // reused
  Counters counters_;
};

}  // namespace arcas::roles
