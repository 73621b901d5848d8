#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/controllers/effects.h"
#include "core/model/catalog.h"
#include "core/state/pod_table.h"

namespace arcas::controllers {

using NodeLookup = std::function<const model::Node*(NodeId)>;

struct DaemonSetConfig {
  std::int32_t burst = 250;                   ///< creations plus deletions per sync
  Duration expectation_timeout = minutes(5);
  Duration status_interval = seconds(1);      ///< kubernetes 0
};

/// Keeps one pod of each DaemonSet on every node it is meant for.
///
/// Pods of one DaemonSet share one spec; the node they are for is `Pod::target`, which the
/// scheduler's NodeName filter honours. So they go through queue, claim and binding like all others,
/// and 100,000 nodes need no 100,000 specs. A node is eligible when the spec's node selector and
/// required affinity accept it and its NoSchedule and NoExecute taints are tolerated; a pod that is
/// there stays as long as only NoSchedule taints stand against it. Finished pods are replaced.
/// Source: Kubernetes, daemon controller's nodeShouldRunDaemonPod; invariant I41.
class DaemonSetController {
 public:
  DaemonSetController(DaemonSetConfig config, const model::Catalog& catalog);

  /// Marks the node of a DaemonSet's pod for the owner's next sync. Cost: O(1).
  void on_pod(const model::Pod* before, const model::Pod* after);
  /// A node is new, changed or gone. Cost: O(DaemonSets).
  void on_node(NodeId id);
  /// A creation for the owner and target was refused.
  void on_creation_refused(Uid owner, NodeId target);

  /// Corrects the marked nodes (all nodes the first time, or after a change of the template).
  /// `find_node` gives a node by id, or nullptr. Cost: O(marked nodes).
  SyncResult sync(TimePoint now, const model::DaemonSet& set, const NodeLookup& find_node,
                  const state::PodTable& pods, Effects& out);

  void forget(Uid set);

 private:
  struct Slot {
    Uid pod;                    // the active pod on this node, as the view showed it last
    TimePoint ordered_at{-1};   // creation ordered, not yet seen
    bool desired = false;
    bool ready = false;
    bool marked = false;
  };
  struct State {
    std::vector<Slot> slots;    // by node index
    std::vector<std::uint32_t> marked;
    std::uint32_t generation = 0;
    std::uint32_t last_suffix = 0;
    std::int32_t desired = 0;
    std::int32_t current = 0;
    std::int32_t ready = 0;
    TimePoint status_at{-1};
    Revision status_basis = 0;
  };
  State& state_of(const model::DaemonSet& set, const state::PodTable& pods);
  void sync_slot(TimePoint now, const model::DaemonSet& set, State& state, std::uint32_t index,
                 const model::Node* node, const state::PodTable& pods, Effects& out);

  DaemonSetConfig config_;
  const model::Catalog& catalog_;
  std::uint32_t node_count_ = 0;  // one more than the largest node index seen
  boost::unordered_flat_map<std::uint64_t, State, StableHash> states_;
};

}  // namespace arcas::controllers
