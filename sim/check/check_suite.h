#pragma once

#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "sim/check/checker.h"

namespace arcas::sim {

class OutcomeTracker;

/// Owns the checkers and their shared facts, feeds them, and stops at the first violation.
///
/// Feed it every commit of every partition (tenant and resource) in the order in which they
/// commit, and every change of the ground truth. A commit that a pod's start rests on must be fed
/// before the start. After a violation every input is ignored.
///
/// An **eviction** is a commit by which a bound, unfinished, active pod becomes terminating or is
/// removed although nobody wants fewer of it: its owner exists, is not being deleted, and would
/// have fewer active pods than its `replicas`, or than a Job still needs (others: always); or it
/// has no owner and its node is suspect (ClusterFacts::suspect). So the deletions of a scale-down,
/// of a rolling update and of a removed workload are no evictions; nor is what a user asked to
/// delete (on_user_deletes), as in the drain of a node: I50 is about what the control plane decides
/// by itself. Preemptions are.
///
/// Cost: about 100 ns for each pod change, all checkers together. Memory: 32 B for each object, 8
/// more for each pod of a daemon set, about 200 B for each node.
class CheckSuite {
 public:
  /// All checkers but the disabled ones. `catalog` must outlive the suite.
  explicit CheckSuite(const model::Catalog& catalog, const CheckOptions& options = {});
  ~CheckSuite();

  /// Takes on a checker beside those of the constructor.
  void add(std::unique_ptr<Checker> checker);
  /// Not owned; may be null. Sees the same inputs. Attach it before the first input.
  void attach(OutcomeTracker* tracker);

  void on_commit(PartitionId partition, const ports::ChangeBatch& batch, TimePoint now);
  void on_running(Uid pod, NodeId node, TimePoint now);
  /// `with_host`: the pod died because its machine did.
  void on_stopped(Uid pod, NodeId node, bool with_host, TimePoint now);
  void on_host(NodeId node, bool up, TimePoint now);
  /// The zone is cut off from all others, or no more (Region::cut_off).
  void on_zone_cut_off(ZoneId zone, bool cut_off, TimePoint now);
  /// A user asks for the deletion of this pod: whatever commits it is no eviction.
  void on_user_deletes(Uid pod) { user_deleted_.insert(pod); }
  void on_quiet(TimePoint now);
  void on_quiescent(TimePoint now);
  /// See Checker. The first call for a partition comes before its first commit.
  void on_core(PartitionId partition, bool whole, TimePoint now);
  /// Comes before the commit itself.
  void on_committed_by(PartitionId partition, std::uint32_t reached, std::uint32_t members,
                       TimePoint now);
  void on_acknowledged(Uid object, TimePoint now);
  /// `pods` by uid, ascending: what the partition's store holds now.
  void on_inventory(PartitionId partition, std::span<const Uid> pods, TimePoint now);

  /// The first violation, or nullptr.
  [[nodiscard]] const Violation* violation() const { return violation_.get(); }
  struct Evaluations {
    std::string_view checker;
    std::uint64_t count = 0;
  };
  /// How often each rule was put to a real test, in the order of the checkers.
  [[nodiscard]] std::vector<Evaluations> evaluations() const;
  [[nodiscard]] const ClusterFacts& facts() const { return facts_; }

 private:
  enum Feed : std::uint8_t {
    batches,
    objects,
    all_pods,
    created,
    bound,
    room,
    deactivated,
    removed,
    ground_truth,
    hosts,
    kFeeds
  };

  void take_arrivals(PartitionId partition, const ports::ChangeBatch& batch);
  void pod_change(PartitionId partition, Revision revision, const ports::PodChange& change,
                  TimePoint now);
  void object_change(PartitionId partition, Revision revision, const ports::ObjectChange& change,
                     TimePoint now);
  void take_pod(PodStep& step);
  void take_node(const ObjectStep& step);
  void take_owner(const ObjectStep& step);
  void take_lease(const ObjectStep& step);
  void update_zone(ZoneId zone, std::int64_t nodes, std::int64_t ready);
  void mark_struck(ZoneId zone, TimePoint now);
  void note_darkness(TimePoint now);
  void count_running(const ObjectFacts& entry, std::int32_t change);
  void forget_if_gone(Uid uid, const ObjectFacts& entry);
  [[nodiscard]] bool is_eviction(const PodStep& step) const;
  void deliver(const PodStep& step);
  void deliver(Feed feed, const PodStep& step);
  void collect(Checker& checker);
  /// Calls `tell(checker)` for every checker, up to the first violation.
  template <class Tell>
  void tell_all(Tell tell);

  ClusterFacts facts_;
  Duration replica_lag_;
  boost::unordered_flat_set<Uid, StableHash> user_deleted_;
  std::set<PartitionId> tenant_partitions_;  // as on_core names them
  std::vector<std::unique_ptr<Checker>> checkers_;
  std::array<std::vector<Checker*>, kFeeds> feeds_;
  OutcomeTracker* tracker_ = nullptr;
  std::unique_ptr<Violation> violation_;
};

}  // namespace arcas::sim
