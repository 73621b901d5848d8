#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/ports/transaction.h"
#include "sim/check/cluster_facts.h"

namespace arcas::sim {

/// What broke, where and when. `text` says what is wrong and what would have been right.
struct Violation {
  std::string_view checker;
  TimePoint at;
  PartitionId partition;  ///< none for the ground truth
  Revision revision = 0;
  std::string text;
};

/// One pod's change in a commit. `before` is what was known until then; ClusterFacts already holds
/// the state after it (for `removed`: no longer exists).
struct PodStep {
  PartitionId partition;
  Revision revision = 0;
  TimePoint now;
  ports::ChangeType type = ports::ChangeType::added;
  const model::Pod* pod = nullptr;
  ObjectFacts before;
  std::uint32_t owner = ObjectFacts::kNone;  ///< row in ClusterFacts::owners

  // What the change amounts to.
  bool created = false;
  bool bound = false;        ///< went from no node to a node
  bool took_room = false;    ///< holds capacity and did not before
  bool gave_room = false;    ///< held capacity and does no more
  bool deactivated = false;  ///< was active and is no more
  bool evicted = false;      ///< see CheckSuite: the definition of an eviction
  bool removed = false;
};

struct ObjectStep {
  PartitionId partition;
  Revision revision = 0;
  TimePoint now;
  ports::ChangeType type = ports::ChangeType::added;
  const model::Object* object = nullptr;
  ObjectFacts before;
};

/// Which inputs a checker wants. Fewer is faster.
struct Interests {
  bool batches = false;   ///< on_batch
  bool objects = false;   ///< on_object
  bool all_pods = false;  ///< on_pod for every change, also of status alone
  bool created = false;   ///< on_pod for these kinds of steps
  bool bound = false;
  bool room = false;  ///< took_room or gave_room
  bool deactivated = false;
  bool removed = false;
  bool ground_truth = false;  ///< on_running, on_stopped
  bool hosts = false;
};

/// One invariant. Sees inputs in order, after ClusterFacts took them in. Reports by violate();
/// counts by evaluated() each time its rule was put to a real test, so that a rule that never
/// met a case is seen.
class Checker {
 public:
  explicit Checker(const ClusterFacts& facts) : facts_(&facts) {}
  virtual ~Checker() = default;
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;

  /// The invariant's number and rule, e.g. "I25 bound-once".
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual Interests interests() const = 0;

  virtual void on_batch(PartitionId partition, const ports::ChangeBatch& batch, TimePoint now);
  virtual void on_pod(const PodStep& step);
  virtual void on_object(const ObjectStep& step);
  /// `before` is where the pod ran until now according to the ground truth, if anywhere.
  virtual void on_running(Uid pod, NodeId node, std::uint32_t before, TimePoint now);
  virtual void on_stopped(Uid pod, NodeId node, TimePoint now);
  virtual void on_host(NodeId node, bool up, TimePoint now);
  /// Everything that was to happen has happened: nothing is broken, and what was wanted is there.
  virtual void on_quiet(TimePoint now);
  /// The owner of the run says that nothing is under way any more: it has been quiet for long.
  virtual void on_quiescent(TimePoint now);
  /// The core of a tenant partition's control plane is whole, or no more: a majority of its store's
  /// members, an api server and an instance of each role reach each other, and those who do not
  /// reach all of them reach none.
  virtual void on_core(PartitionId partition, bool whole, TimePoint now);
  /// The store's leader commits, and reaches so many of its members, itself included, both ways.
  virtual void on_committed_by(PartitionId partition, std::uint32_t reached, std::uint32_t members,
                               TimePoint now);
  /// A client was told that its write of this object is durable.
  virtual void on_acknowledged(Uid object, TimePoint now);
  /// All pods that a partition's store holds, by uid.
  virtual void on_inventory(PartitionId partition, std::span<const Uid> pods, TimePoint now);

  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }
  /// The first violation since the last call, if any.
  std::unique_ptr<Violation> take_violation() { return std::move(violation_); }
  [[nodiscard]] bool violated() const { return violation_ != nullptr; }

 protected:
  [[nodiscard]] const ClusterFacts& facts() const { return *facts_; }
  void evaluated() { evaluations_ += 1; }
  void violate(TimePoint at, PartitionId partition, Revision revision, std::string text);
  void violate(const PodStep& step, std::string text) {
    violate(step.now, step.partition, step.revision, std::move(text));
  }

 private:
  const ClusterFacts* facts_;
  std::uint64_t evaluations_ = 0;
  std::unique_ptr<Violation> violation_;
};

/// Numbers that some rules need. The defaults suit profile `arcas`.
struct CheckOptions {
  /// How old a role's view of a node may be when its decision commits. Rules about another
  /// partition's objects hold for some state that was current within this time.
  Duration view_lag = seconds(5);
  /// How long after a decrease of replicas the old number may still be created.
  Duration replica_lag = seconds(30);
  /// I49: how long after the last zone went dark evictions decided before may still commit.
  Duration eviction_lag = seconds(5);
  /// I49: no evictions for this long after not all zones are dark any more; 0: not checked.
  Duration grace_after_all_dark{0};
  /// I50: evictions within the window on nodes of zones that are not struck, and were not within
  /// the window, stay within max(floor, share of active pods).
  Duration blast_window = minutes(10);
  std::int64_t blast_floor = 10;
  std::int64_t blast_per_thousand = 50;
  /// I30: how long after its first pod a gang may be bound in part: claims and bindings under way.
  Duration gang_lag = minutes(2);
  /// I51: tolerated time for taints not-ready and unreachable where a spec says nothing.
  std::int64_t default_toleration_seconds = 300;
  /// L05: how long a lease may go without a renewal while the core is whole.
  Duration leader_bound = seconds(20);
  /// Names (Checker::name) of the invariants that a profile gives up, e.g. I26 under `arktos`.
  std::vector<std::string> disabled;
};

// One file each; the definitions stand there.
std::unique_ptr<Checker> make_revision_order(const ClusterFacts& facts);         // I01 I02
std::unique_ptr<Checker> make_no_lost_update(const ClusterFacts& facts);         // I06
std::unique_ptr<Checker> make_uid_once(const ClusterFacts& facts);               // I07
std::unique_ptr<Checker> make_fencing(const ClusterFacts& facts);                // I23
std::unique_ptr<Checker> make_bound_once(const ClusterFacts& facts);             // I25
std::unique_ptr<Checker> make_commit_capacity(const ClusterFacts& facts);        // I26
std::unique_ptr<Checker> make_ground_truth_capacity(const ClusterFacts& facts);  // I27
std::unique_ptr<Checker> make_hard_predicates(const ClusterFacts& facts, const CheckOptions&);
std::unique_ptr<Checker> make_gang_whole(const ClusterFacts& facts, const CheckOptions&);
std::unique_ptr<Checker> make_runs_once(const ClusterFacts& facts);  // I34
std::unique_ptr<Checker> make_replica_bound(const ClusterFacts& facts, const CheckOptions&);
std::unique_ptr<Checker> make_daemon_once(const ClusterFacts& facts);     // I41
std::unique_ptr<Checker> make_deletion_final(const ClusterFacts& facts);  // I46
std::unique_ptr<Checker> make_all_zones_dark(const ClusterFacts& facts, const CheckOptions&);
std::unique_ptr<Checker> make_blast_radius(const ClusterFacts& facts, const CheckOptions&);
std::unique_ptr<Checker> make_tenant_walls(const ClusterFacts& facts);  // I57, in part
std::unique_ptr<Checker> make_nothing_lost(const ClusterFacts& facts);  // I03
std::unique_ptr<Checker> make_tenant_home(const ClusterFacts& facts);   // I65
std::unique_ptr<Checker> make_preemption_lower(const ClusterFacts& facts, const CheckOptions&);
std::unique_ptr<Checker> make_job_counted(const ClusterFacts& facts);  // I39
std::unique_ptr<Checker> make_owner_gone(const ClusterFacts& facts);   // I45, in part
std::unique_ptr<Checker> make_taint_tolerated(const ClusterFacts& facts, const CheckOptions&);
std::unique_ptr<Checker> make_removed_when_stopped(const ClusterFacts& facts);  // I52
std::unique_ptr<Checker> make_majority_commits(const ClusterFacts& facts);      // I56, in part
std::unique_ptr<Checker> make_nothing_written(const ClusterFacts& facts);       // L02
std::unique_ptr<Checker> make_leader_back(const ClusterFacts& facts, const CheckOptions&);
std::unique_ptr<Checker> make_deletions_end(const ClusterFacts& facts);  // L07
std::unique_ptr<Checker> make_no_orphans(const ClusterFacts& facts);     // L08
std::unique_ptr<Checker> make_nodes_back(const ClusterFacts& facts);     // L09

}  // namespace arcas::sim
