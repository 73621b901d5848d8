#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "core/model/objects.h"
#include "core/scheduler/batch_problem.h"
#include "core/scheduler/batch_reason.h"
#include "core/scheduler/cluster.h"
#include "core/scheduler/custom_selection.h"
#include "core/scheduler/gang.h"
#include "core/scheduler/gang_claims.h"
#include "core/scheduler/gang_membership.h"
#include "core/scheduler/node_sampling.h"
#include "core/scheduler/pending_reason.h"
#include "core/scheduler/pod_class.h"
#include "core/scheduler/pod_queue.h"
#include "core/scheduler/preemption_decider.h"
#include "core/scheduler/selection.h"

namespace arcas::scheduler {

struct Config {
  SchedulerProfile profile = SchedulerProfile::arcas();
  QueueConfig queue;
  /// Answer every decision by the full scan: the oracle, and the baseline of benchmarks.
  bool full_scan = false;
  std::uint32_t dense_domains = Cluster::kDenseDomains;  ///< see Cluster
  /// Chooses in place of the profile's scores; the profile has a placement policy, which chooses
  /// devices. None: null. Not owned.
  CustomPolicy* custom_policy = nullptr;
  Duration grant_age = seconds(15);     ///< a claim asked for longer ago is not bound any more
  Duration gang_timeout = seconds(60);  ///< how long placed members of a gang wait for the others
  /// A cycle of at least so many pods is placed by min-cost flow first (batch/placement.h), exact
  /// filters agreeing; 0: never. Not with full_scan, a placement policy or fair shares.
  std::size_t batch_threshold = 0;
  /// Whether `PendingPod::owner` counts: default spread constraints are those of a pod's owner.
  bool default_spread = false;
  /// Disruption budgets are told by `set_budget`, and nothing is preempted before `budgets_known`.
  /// False: those in the cluster's list are all.
  bool budgets_are_told = false;
  /// Of a sample, where the profile's percentage_of_nodes_to_score asks for one (SampleSize).
  std::uint32_t fewest_nodes_to_score = 100;
  std::uint32_t most_nodes_to_score = 0;
};

/// What the queue needs of a pod.
struct PendingPod {
  Uid uid;
  SpecId spec;
  NodeId target;  ///< the only node that will do; none: any
  LabelSetId labels;
  NamespaceId name_space;
  TenantId tenant;
  TimePoint created_at;
  NodeId nominated;  ///< as the pod's status says
  Uid owner;         ///< the workload that controls it, of a kind that set_owner tells; or none
};

/// Places the pods of one tenant partition on all nodes of the region.
///
/// Pure: time is an argument. Exact: every node that passes the filters is considered, the one with
/// the highest score is chosen, ties go to the lowest NodeId. Inputs are idempotent by uid. Within
/// one call of `schedule` pods of equal priority are taken shape by shape, shapes in the order of
/// their first pod, pods of a shape first come first served; with `QueueConfig::fair_share` in the
/// order of the tenants' turns. Pods that declare a gang (GangMembership) are decided on together
/// and in no one's turn: their decisions come out when enough of them have room, see GangTable.
/// Memory: about 70 bytes a pod, 500 bytes a node, and 16 bytes a node for each index in use.
class Scheduler {
 public:
  Scheduler(model::Catalog& catalog, Config config);

  // ---- what exists ----
  void upsert_node(const model::Node& node);
  void remove_node(NodeId node);
  void set_namespace_labels(NamespaceId name_space, LabelSetId labels);
  /// A workload that controls pods and whose selector their default spread constraints take. Its
  /// pods may be told first. Ignored without Config::default_spread.
  void set_owner(Uid uid, const model::WorkloadSelector& owner);
  void remove_owner(Uid uid) { set_owner(uid, {}); }
  /// The pods that a disruption budget speaks of, and how many of them may go. See
  /// Config::budgets_are_told.
  void set_budget(Uid uid, const Budget& budget);
  void remove_budget(Uid uid);
  /// What was known of budgets counts no more; they are told anew.
  void forget_budgets();
  /// All budgets have been told: pods that wait to preempt are tried.
  void budgets_known();
  /// Whether some pod would have preempted, had the budgets been known.
  [[nodiscard]] bool wants_budgets() const { return wants_budgets_; }
  /// Nodes of a lost zone take no pods, as if tainted unreachable:NoExecute.
  void set_zone_lost(ZoneId zone, bool lost);
  /// A pod holds room on a node. `own`: of this tenant partition, so it counts for spreading. Told
  /// again with another spec or other labels, it holds room and counts by those from then on. What
  /// others say of a pod that is known as an own one is not listened to.
  void add_usage(Uid uid, SpecId spec, LabelSetId labels, NamespaceId name_space, NodeId node,
                 bool own);
  void remove_usage(Uid uid);
  /// The same for a pod of another tenant partition; nothing happens to an own one.
  void remove_foreign(Uid uid);
  /// An own pod is another tenant partition's from now on: one that holds room still does.
  void disown(Uid uid);
  /// When a pod that holds room was taken on by its node, as status.startTime; the first word
  /// counts. Preemption spares those that have run longest.
  void started(Uid uid, TimePoint at);
  /// A terminating pod holds its room and no longer counts for spreading.
  /// `by_preemption`: the preemptor waits for it, and does not evict others meanwhile.
  void mark_terminating(Uid uid, bool by_preemption = false);

  // ---- what waits ----
  /// A pod without a node, new or changed. With scheduling gates it waits outside the queue.
  void enqueue(TimePoint now, const PendingPod& pod);
  /// The pod waits no more: it was deleted. Nothing happens to a pod that holds room.
  void forget(Uid uid);

  struct Decision {
    Uid uid;
    SpecId spec;
    NodeId node;  ///< none: no node will do now
    /// Preemption: the victims are to be deleted, so that the pod may go to `nominated` when they
    /// are gone.
    NodeId nominated;
    std::vector<Uid> victims;
  };
  /// Decides on up to `max_pods` pods and takes room for those it placed.
  void schedule(TimePoint now, std::size_t max_pods, std::vector<Decision>& out);
  /// How many pods to take in the next cycle: `usual`, or up to kLargestBatch where enough wait for
  /// a batch.
  [[nodiscard]] std::size_t cycle_size(std::size_t usual) const;
  static constexpr std::size_t kLargestBatch = 100'000;
  /// The claim of the pod's room was granted. True: the pod may be bound. False: it waits for the
  /// claims of its gang, see gang_claims.
  bool grant(TimePoint now, Uid uid);
  /// A pod has done its work. If it was of a gang, the gang as a whole has had its start, and
  /// members that still come are ordinary: there may be fewer of them than it takes to start.
  void succeeded(Uid uid, NamespaceId name_space, LabelSetId labels, NodeId node);
  /// What became of gangs whose claims were under way since the last call: pods to bind, claims to
  /// give back.
  [[nodiscard]] GangClaims::Outcome take_gang_claims();
  /// The placement came to nothing: gives the room back, the pod backs off and is tried again.
  void reject(TimePoint now, Uid uid);
  /// The binding is committed.
  void confirm(Uid uid);
  /// When there may be something to schedule; nothing while no pod waits.
  [[nodiscard]] std::optional<TimePoint> next_wakeup(TimePoint now) const;

  /// Why the pod has no node, and which single changes would place it; see pending_reason.h. Room,
  /// queue and answers stay as they are. Cost: some dozens of passes over all nodes.
  [[nodiscard]] PendingReason why_pending(const PendingPod& pod);
  /// The same in Kubernetes's words: "0/4 nodes are available: 1 Insufficient cpu, 3 node(s) had
  /// untolerated taint {team: red}. preemption: …".
  [[nodiscard]] std::string explain(const PendingPod& pod);
  /// Why not all of `pods` find places if they are placed as one batch, by the minimum cuts of its
  /// flow (batch/explain.h). Pods that hold room or are unknown are passed over. `viewer`: only
  /// this tenant's pods are named and counted. Nothing is changed. Errors: amounts beyond what a
  /// flow counts. Cost: as placing the batch, and one maximum flow for each resource.
  Expected<BatchReason> explain_batch(std::span<const Uid> pods, const BatchNaming& naming,
                                      std::optional<TenantId> viewer);
  /// The nodes that would take a placed pod were it to be placed now, best first. Empty where the
  /// pod holds no room. Cost: O(nodes × plugins).
  struct Rating {
    std::vector<Selection> nodes;
  };
  [[nodiscard]] Rating rate(Uid uid);

  struct Stats {
    std::uint64_t decisions = 0;
    std::uint64_t by_index = 0;
    std::uint64_t by_load_tree = 0;
    std::uint64_t by_scan = 0;
    std::uint64_t by_flow = 0;         ///< placed by a batch's flow
    std::uint64_t flow_batches = 0;    ///< cycles that a flow was asked for
    std::uint64_t flow_fallbacks = 0;  ///< pods of such cycles that were decided one by one
    std::uint64_t flow_gap = 0;  ///< pods that the flows' bounds allowed beyond what they placed
    std::uint64_t by_custom_policy = 0;
    std::uint64_t preemptions = 0;
    std::uint64_t gangs_started = 0;
    std::uint64_t gang_timeouts = 0;   ///< rooms went back because the rest found none
    std::uint64_t gang_conflicts = 0;  ///< other schedulers had the claims
    std::uint64_t index_rebuilds = 0;
  };
  [[nodiscard]] Stats stats() const;
  [[nodiscard]] std::uint32_t node_count() const { return cluster_.nodes().known_count(); }
  [[nodiscard]] std::size_t pod_count() const { return cluster_.pods().size(); }
  [[nodiscard]] Cluster& cluster() { return cluster_; }

  /// All answers for one pod, for tests: nothing is changed. Where nodes are sampled, both are from
  /// the sample that comes next.
  struct Compared {
    Selection scan;
    Selection index;
    bool index_applies = false;
    bool same_sample = true;  ///< both would go on from the same node
    Selection load_tree;
    bool load_tree_applies = false;
  };
  Compared compare(const PendingPod& pod);

 private:
  Selection select(Uid uid, const PodEntry& pod);
  [[nodiscard]] bool index_respects_nominations(const PodEntry& pod, const PodClass& pod_class,
                                                const NodeIndex& index) const;
  void take_victims(const std::vector<Uid>& victims);
  void change_placed(Uid uid, PodEntry& entry, SpecId spec, LabelSetId labels);
  void try_preemption(Uid uid, PodEntry& pod, Decision& decision);
  void nominate(Uid uid, PodEntry& pod, NodeId node);
  void withdraw(Uid uid, PodEntry& pod);
  Selection select_from_sample(Uid uid, const PodEntry& pod);
  Selection scan(Uid uid, const PodEntry& pod);
  [[nodiscard]] bool samples() const { return config_.profile.percentage_of_nodes_to_score != 100; }
  /// The devices that the policy gives the pod on the node; 0 without a policy.
  policies::DeviceSet devices_for(Uid uid, const PodEntry& pod, NodeId node);
  // batches, in scheduler_batch.cc
  class PlaceCheck;
  [[nodiscard]] bool places_batches() const;
  void decide_by_flow(std::vector<Decision>& out);
  // gangs, in scheduler_gangs.cc
  bool join_gang(TimePoint now, Uid uid, PodEntry& entry, TimePoint created_at);
  void leave_gang(Uid uid, const PodEntry& entry);
  void gang_member_bound(Uid uid, const PodEntry& entry, NodeId node);
  void try_gangs(TimePoint now, std::optional<std::int32_t> at_least);
  void try_gang(TimePoint now, GangId gang);
  void preempt_for_gang(TimePoint now, GangId gang);
  void end_gang_cycle(TimePoint now);
  void carry_gang_effects();
  void settle_gang_claims(TimePoint now);
  void give_gangs_way(std::vector<Decision>& out);
  [[nodiscard]] std::string gang_reason(Uid uid, const PodEntry& entry);
  /// Something changed that may help: pods that wait are tried again.
  void cluster_changed() {
    queue_.cluster_changed();
    gangs_to_try_ = true;
  }
  void learn(SpecId spec);
  void lift(Uid uid, PodEntry& entry);
  void order_batch();
  [[nodiscard]] PodEntry entry_of(const PendingPod& pod);
  [[nodiscard]] bool is_gated(const PodEntry& pod) const;
  [[nodiscard]] std::int32_t priority_of(SpecId spec) const;

  const model::Catalog& catalog_;
  Config config_;
  Cluster cluster_;
  PreemptionDecider preemption_;
  std::map<std::int32_t, std::uint32_t> nominated_by_priority_;
  std::map<Uid, std::size_t> budget_places_;  // in the cluster's list
  bool budgets_known_ = false;
  bool wants_budgets_ = false;
  PodClasses classes_;
  LoadTree load_tree_;
  NodeSampling sampling_;
  std::unique_ptr<CustomSelection> custom_;  // null: the profile's scores decide
  std::unique_ptr<FairQueue> fair_;          // where tenants take turns
  PodQueue queue_;
  GangMembership membership_;
  GangTable gangs_;
  std::vector<bool> gangs_past_;  // by GangId: a member has succeeded
  GangClaims gang_claims_;
  GangClaims::Outcome gang_outcome_;      // not taken yet
  std::vector<GangEffect> gang_effects_;  // reused
  std::vector<GangId> ready_gangs_;       // of the present cycle, not tried yet; last first
  std::vector<StartPods> gang_starts_;    // hold room, and their decisions are still to be told
  std::vector<Decision> gang_evictions_;  // still to be told
  bool gangs_to_try_ = false;
  std::optional<TimePoint> gang_wakeup_;              // a time-out or the end of a back-off
  TimePoint now_;                                     // of the newest input that had one
  std::vector<Uid> batch_;                            // reused
  std::vector<std::pair<std::uint32_t, Uid>> order_;  // reused
  Stats stats_;
};

}  // namespace arcas::scheduler
