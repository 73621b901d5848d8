#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/scheduler/framework.h"
#include "core/scheduler/plugins/node_resources_fit.h"
#include "core/scheduler/preemption_nominations.h"
#include "core/scheduler/preemption_victims.h"

namespace arcas::scheduler {

/// What preemption would cost on each node for the pods of one shape and priority, with a
/// tournament over the nodes, so that the cheapest node is known at once.
///
/// Exact for pods whose refusal by a node depends on that node alone: on its object, and on the
/// amounts that its pods and the pods nominated to it ask for (see `covers`). Follows the change
/// logs of the node table and of the nominations, and the budgets; a node that changed is tried
/// again by itself. Cost: refresh O(changed nodes × (pods of the node + log nodes)); the first one,
/// or one that is too far behind, O(nodes × pods of a node). Memory: 45 to 50 bytes a node.
class PreemptionIndex {
 public:
  PreemptionIndex(Cluster& cluster, const SchedulerProfile& profile, const Nominations& nominations,
                  ShapeId shape, std::int32_t priority);

  /// Whether the answers hold for a pod with this evaluation.
  static bool covers(const Cycle& cycle, const Evaluation& evaluation);

  /// Takes in all changes since the last call. `cycle` is of a pod of this shape and priority.
  void refresh(const Cycle& cycle);
  /// Nodes that take the pod as they are.
  [[nodiscard]] std::uint32_t feasible_count() const { return feasible_count_; }
  /// The node whose victims cost least, the lowest of several; none when eviction helps nowhere.
  [[nodiscard]] NodeId best() const;
  /// The victims on a node that `best` gave.
  [[nodiscard]] Eviction eviction_on(NodeId node);
  [[nodiscard]] EvictionCost cost_on(NodeId node) const { return costs_[node.index]; }
  /// As if the pod were not nominated to the node. None: nobody is left out any more. To be called
  /// after `refresh`.
  void leave_out(Uid uid, NodeId node);
  [[nodiscard]] std::uint64_t rebuilds() const { return rebuilds_; }

 private:
  /// Room that is left on a node for each need, the pod itself placed: negative is short.
  using Slack = std::vector<std::int64_t>;
  class Trial;

  void rebuild(const Cycle& cycle);
  void read_logs(const Cycle& cycle);
  void read_budgets(bool& everything);
  void mark(NodeId node);
  void set_static(const Evaluation& evaluation, NodeId node);
  void evaluate(NodeId node);
  void update_tournament(std::uint32_t node);
  [[nodiscard]] std::uint32_t winner(std::uint32_t a, std::uint32_t b) const;
  void measure(NodeId node);
  void add(Slack& slack, SpecId spec, std::int64_t sign) const;
  bool search(NodeId node, Eviction& eviction);
  [[nodiscard]] std::uint64_t budget_mask(std::span<const Victim> victims);

  Cluster& cluster_;
  const Nominations& nominations_;
  SchedulerProfile static_profile_;  // only the filters that read nothing but the node's object
  std::int32_t priority_;
  std::vector<AskedResource> needs_;  // the pod's own place among the pods included
  BudgetView budgets_;

  std::vector<EvictionCost> costs_;     // by node
  std::vector<std::uint64_t> masks_;    // by node: budgets of its victims, by place modulo 64
  std::vector<std::uint8_t> flags_;     // by node
  std::vector<std::uint32_t> winners_;  // tournament: winners_[1] of all, leaves are left out
  std::uint32_t leaves_ = 0;            // a power of two
  std::uint32_t feasible_count_ = 0;
  Uid left_out_;
  NodeId left_out_of_;
  std::vector<NodeId> dirty_;
  std::uint64_t log_position_ = 0;
  std::uint64_t nominations_position_ = 0;
  bool built_ = false;
  std::uint64_t rebuilds_ = 0;
  Slack slack_;                                       // reused
  std::vector<Victim> victims_, violating_, others_;  // reused
};

}  // namespace arcas::scheduler
