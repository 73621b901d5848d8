#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/scheduler/device_table.h"
#include "core/scheduler/policies/policy.h"
#include "core/scheduler/shape.h"

namespace arcas::scheduler {

/// A placement policy at work in a cluster: what it may know, and the nodes and pods as it sees
/// them.
///
/// What usually arrives is learned from the pods that came so far, and from nothing else: their
/// kinds by how often they came, the rarest twentieth left out. The policy is made anew whenever
/// twice as many pods have come, and when the kinds of nodes change, so that it is a function of
/// what happened in the order it happened. A policy that draws takes its numbers from a stream of
/// the pod and the node, so asking twice gives the same answer.
/// Cost: `rate` is the policy's own cost and O(devices). Memory: see DeviceTable.
class PlacementRater {
 public:
  /// `policy` is one of policies::all_policies(). All references must outlive the rater.
  PlacementRater(model::Catalog& catalog, const NodeTable& nodes, ShapeTable& shapes,
                 std::string policy);

  [[nodiscard]] DeviceTable& devices() { return devices_; }
  /// The node is in the table already.
  void upsert_node(const model::Node& node);
  void remove_node(NodeId node);
  /// A pod came that was not known before.
  void learn(SpecId spec);
  /// Takes in what was learned; to be called before `rate`.
  void prepare();

  [[nodiscard]] const policies::PodView& pod(SpecId spec);
  /// Whether the node has room for the pod, its devices looked at one by one.
  [[nodiscard]] bool fits(NodeId node, const policies::PodView& pod) const;
  /// The policy's score and devices; the pod must fit.
  [[nodiscard]] policies::Placement rate(NodeId node, const policies::PodView& pod, Uid uid) const;

 private:
  struct NodeKind {
    std::int64_t cpu = 0;
    std::int64_t memory = 0;
    std::uint8_t devices = 0;
    std::uint8_t model = 0;
    auto operator<=>(const NodeKind&) const = default;
  };
  static constexpr std::uint32_t kUnseen = 0xffffffffU;

  [[nodiscard]] policies::NodeView empty_view(const NodeKind& kind) const;
  [[nodiscard]] std::vector<policies::TypicalPod> typical() const;
  void count(const NodeKind& kind, std::int64_t change);

  model::Catalog& catalog_;
  const NodeTable& nodes_;
  ShapeTable& shapes_;
  std::string name_;
  DeviceTable devices_;
  std::vector<std::uint32_t> kind_of_;       // by SpecId, place in kinds_
  std::vector<policies::TypicalPod> kinds_;  // in order of appearance; weight: how often it came
  std::map<NodeKind, std::int64_t> shapes_of_nodes_;
  std::vector<NodeKind> counted_;  // by NodeId; cpu 0 and no memory: not counted
  std::int64_t arrivals_ = 0;
  std::int64_t next_at_ = 1;  // arrivals at which the policy is made anew
  bool stale_ = true;
  std::unique_ptr<policies::PlacementPolicy> policy_;
};

}  // namespace arcas::scheduler
