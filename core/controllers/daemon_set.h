#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "core/controllers/effects.h"
#include "core/model/catalog.h"
#include "core/state/pod_table.h"

namespace arcas::controllers {

using NodeLookup = std::function<const model::Node*(NodeId)>;

struct DaemonSetConfig {
  std::int32_t burst = 250;  ///< creations plus deletions per sync
  Duration expectation_timeout = minutes(5);
  Duration status_interval = seconds(1);  ///< kubernetes 0
};

/// Keeps one pod of each DaemonSet on every node it is meant for.
///
/// Pods of one DaemonSet share one spec; the node they are for is `Pod::target`, which the
/// scheduler's NodeName filter honours. So they go through queue, claim and binding like all
/// others, and 100,000 nodes need no 100,000 specs. A node is eligible when the spec's node
/// selector and required affinity accept it and its NoSchedule and NoExecute taints are tolerated;
/// a pod that is there stays as long as only NoSchedule taints stand against it. Finished pods are
/// replaced. When the template changes, pods are replaced one at a time. The template gets the
/// tolerations that Kubernetes gives daemon pods, so they outlive taints for unreachable nodes.
/// Source: Kubernetes, daemon controller's nodeShouldRunDaemonPod; invariant I41.
class DaemonSetController {
 public:
  DaemonSetController(DaemonSetConfig config, model::Catalog& catalog);

  /// Marks the node of a DaemonSet's pod for the owner's next sync. Cost: O(1).
  void on_pod(const model::Pod* before, const model::Pod* after);
  /// A node is new, changed or gone. Cost: O(DaemonSets).
  void on_node(NodeId id);
  void on_node_removed(NodeId id);
  /// All nodes that exist have been told. Until then a node that `sync` does not find may just not
  /// be known yet, and its daemon pods are left as they are. Cost: O(nodes × DaemonSets).
  void nodes_are_known();
  /// A creation for the owner and target was refused.
  void on_creation_refused(Uid owner, NodeId target);

  /// Corrects the marked nodes (all nodes the first time, or after a change of the template).
  /// `find_node` gives a node by id, or nullptr. Cost: O(marked nodes).
  SyncResult sync(TimePoint now, const model::DaemonSet& set, const NodeLookup& find_node,
                  const state::PodTable& pods, Effects& out);

  void forget(Uid set);

 private:
  enum class Fit : std::uint8_t { unknown, none, stay, run };
  struct Slot {
    Uid pod;                   // the active pod for this node, as the view showed it last
    SpecId spec;               // of that pod
    TimePoint ordered_at{-1};  // creation ordered, not yet seen
    bool desired = false;
    bool ready = false;
    bool marked = false;
    bool deleting = false;  // deletion ordered, not yet seen
  };
  struct State {
    std::vector<Slot> slots;  // by node index
    std::vector<std::uint32_t> marked;
    std::set<std::uint32_t> outdated;  // nodes with a ready pod of an older template
    TimePoint orders_since{-1};        // the oldest creation that may be unseen
    std::vector<Uid> doubles;          // active pods beyond the one per node: to be deleted
    model::PodTemplate pod_template;
    SpecId spec;  // the template's with the tolerations that daemon pods get
    StringId base_name;
    std::uint32_t last_suffix = 0;
    std::int32_t desired = 0;
    std::int32_t current = 0;
    std::int32_t ready = 0;
    TimePoint status_at{-1};
    TimePoint asked{-1};  // see ask_again
    Revision status_basis = 0;
  };
  static void mark(State& state, std::uint32_t index);
  static void place(State& state, const model::Pod& pod, bool active);
  [[nodiscard]] Fit fit_of(const model::PodSpec& spec, const model::Node& node) const;
  [[nodiscard]] Fit fit_at(const model::PodSpec& spec, std::uint32_t index,
                           const model::Node* node) const;
  SpecId daemon_spec(SpecId id);
  State& state_of(const model::DaemonSet& set, const state::PodTable& pods);
  bool sync_slot(TimePoint now, const model::DaemonSet& set, State& state, std::uint32_t index,
                 const model::Node* node, const state::PodTable& pods, Effects& out);
  bool order_deletion(TimePoint now, State& state, std::uint32_t index, const state::PodTable& pods,
                      Effects& out);
  void expire_orders(TimePoint now, State& state);
  void roll(TimePoint now, State& state, const state::PodTable& pods, Effects& out);
  void write_status(TimePoint now, const model::DaemonSet& set, State& state, SyncResult& result,
                    Effects& out);

  DaemonSetConfig config_;
  model::Catalog& catalog_;
  bool nodes_known_ = false;
  std::vector<bool> removed_;     // by node index
  std::uint32_t node_count_ = 0;  // one more than the largest node index seen
  boost::unordered_flat_map<std::uint64_t, State, StableHash> states_;
};

}  // namespace arcas::controllers
