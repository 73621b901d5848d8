#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/model/snapshot.h"
#include "core/scheduler/scheduler.h"

namespace arcas::whatif {

/// A snapshot's pods by place; pods that a trial adds stand behind them.
using PodPlace = std::uint32_t;

/// A cluster in which pods are taken off nodes and placed again by the scheduler itself, with the
/// plugins of a profile. Nothing has a time here: what would come to rest in the end is there at
/// once. Memory: as a Scheduler, and 40 bytes a pod.
class Trial {
 public:
  struct PodState {
    SpecId spec;
    LabelSetId labels;
    NamespaceId name_space;
    NodeId node;  ///< none: waits, or is gone
    std::uint32_t workload = model::SnapshotWorkload::kNone;
    Uid uid;  ///< of its present object: a pod that moves is another one
    bool terminating = false;
  };

  /// Everything stands as the snapshot has it. `preempts`: pods may push lower ones out, as far as
  /// the profile lets them.
  Trial(const model::Snapshot& snapshot, model::Catalog& catalog,
        const scheduler::SchedulerProfile& profile, bool preempts);
  /// As another trial stands, without preemption.
  explicit Trial(const Trial& other);
  Trial& operator=(const Trial&) = delete;

  [[nodiscard]] const std::vector<PodState>& pods() const { return pods_; }
  /// That are there.
  [[nodiscard]] const std::map<NodeId, model::Node>& nodes() const { return nodes_; }
  [[nodiscard]] std::vector<PodPlace> pods_on(NodeId node) const;

  // ---- nodes, present ones by id ----
  void set_node(const model::Node& node);
  /// Gone, as if its object had been deleted; its pods must have been lifted.
  void remove_node(NodeId node);

  // ---- pods ----
  /// Takes a pod off its node; it waits.
  void lift(PodPlace pod);
  /// Puts one back where it was, asking nobody.
  void put(PodPlace pod, NodeId node);
  /// One more like it, which waits.
  PodPlace add(PodState pod);

  struct Placed {
    std::vector<PodPlace> left;     ///< found no place, in the order given
    std::vector<PodPlace> evicted;  ///< preempted; those that have a controller were placed too
  };
  /// Lets the scheduler place pods that wait, by priority and then in the order given.
  Placed place(const std::vector<PodPlace>& pods);

  /// Why a pod that waits has no node. Cost: some dozens of passes over all nodes.
  [[nodiscard]] scheduler::PendingReason why(PodPlace pod);
  [[nodiscard]] scheduler::Cluster& cluster() { return scheduler_->cluster(); }
  [[nodiscard]] const scheduler::SchedulerProfile& profile() const { return profile_; }

 private:
  void build();
  [[nodiscard]] scheduler::PendingPod pending(const PodState& pod) const;
  Uid next_uid(PodPlace pod);

  const model::Snapshot& snapshot_;
  model::Catalog& catalog_;
  scheduler::SchedulerProfile profile_;
  std::map<NodeId, model::Node> nodes_;
  std::vector<PodState> pods_;
  std::vector<PodPlace> by_sequence_;  // of the uid
  std::unique_ptr<scheduler::Scheduler> scheduler_;
  TimePoint now_;
};

/// The profile without its plugins that push pods out.
scheduler::SchedulerProfile without_preemption(scheduler::SchedulerProfile profile);

}  // namespace arcas::whatif
