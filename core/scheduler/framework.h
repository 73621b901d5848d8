#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/scheduler/cluster.h"
#include "core/scheduler/plugin_id.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::scheduler {

/// What a plugin said. `plugin` and `reasons` are set when `code` is no success.
struct PluginStatus {
  Code code = Code::success;
  PluginId plugin = PluginId::none;
  std::vector<std::string> reasons;
  [[nodiscard]] bool ok() const { return code == Code::success || code == Code::skip; }
};

/// The pod at hand and what every plugin may read. A plugin object lives for one cycle and reads
/// the cluster as it is while it lives: whoever changes the cluster makes new plugin objects.
struct Cycle {
  Cluster& cluster;
  const SchedulerProfile& profile;
  const PodEntry& pod;
  Uid uid;  ///< of the pod
  [[nodiscard]] const model::PodSpec& spec() const { return cluster.catalog().spec(pod.spec); }
};

/// A filter for one pod. Made for each cycle; making it is Kubernetes's PreFilter.
class FilterPlugin {
 public:
  virtual ~FilterPlugin() = default;

  struct Prepared {
    PluginStatus status;                      ///< skip: `filter` would pass every node
    std::optional<std::vector<NodeId>> only;  ///< the only nodes that can do, ascending
  };
  /// PreFilter. Called once, before `filter`. Cost: as the plugin says.
  virtual Prepared prepare() { return {}; }
  /// Whether the pod may go to a known node. Reasons, in Kubernetes's words, are added only where
  /// a list is given. Cost: O(what the pod asks for), never O(nodes).
  [[nodiscard]] virtual Code filter(NodeId node, std::vector<std::string>* reasons) const = 0;
};

/// A score for one pod. Made for each cycle.
class ScorePlugin {
 public:
  virtual ~ScorePlugin() = default;
  /// PreScore: false means skip, the plugin gives nothing to any node.
  virtual bool prepare(std::span<const NodeId> /*feasible*/) { return true; }
  /// The raw score of a feasible node.
  [[nodiscard]] virtual std::int64_t score(NodeId node) const = 0;
  /// NormalizeScore, in place: `scores` are those of `feasible`, in its order.
  virtual void normalize(std::span<const NodeId> /*feasible*/,
                         std::span<std::int64_t> /*scores*/) const {}
};

/// Null for plugins that do not have the extension point, and for the placement policy where the
/// cluster has none.
std::unique_ptr<FilterPlugin> make_filter(PluginId plugin, const Cycle& cycle);
std::unique_ptr<ScorePlugin> make_score(PluginId plugin, const Cycle& cycle);

/// One pod against all nodes by every plugin of a profile, as kube-scheduler does it with
/// percentageOfNodesToScore 100: the definition of the right answer. Cost of each call: see the
/// plugins; a pass over all nodes is O(nodes × plugins).
class Evaluation {
 public:
  explicit Evaluation(const Cycle& cycle);

  /// PreEnqueue: a status other than success keeps the pod out of the queue.
  [[nodiscard]] PluginStatus pre_enqueue() const;

  /// PreFilter of all plugins; computed when the object is made.
  [[nodiscard]] const PluginStatus& pre_filter() const { return pre_filter_; }
  [[nodiscard]] const std::vector<PluginId>& skipped_filters() const { return skipped_filters_; }
  /// The nodes that PreFilter left over, or none for all nodes. Names of nodes that do not exist
  /// are left out, so it may be empty though PreFilter succeeded.
  [[nodiscard]] const std::optional<std::vector<NodeId>>& only() const { return only_; }
  /// The plugins that narrowed the nodes.
  [[nodiscard]] const std::vector<PluginId>& narrowed_by() const { return narrowed_by_; }

  /// The first failing plugin in the profile's order. PreFilterResult does not matter here.
  [[nodiscard]] PluginStatus filter(NodeId node) const;
  /// The same without reasons, for passes over many nodes.
  [[nodiscard]] Code passes(NodeId node) const;
  /// Nodes that pass, ascending; empty when PreFilter failed.
  [[nodiscard]] std::vector<NodeId> feasible() const;

  struct Scores {
    std::vector<WeightedPlugin> plugins;  ///< those that ran, in order
    std::vector<PluginId> skipped;
    std::vector<std::vector<std::int64_t>> raw;         ///< by plugin, then by node
    std::vector<std::vector<std::int64_t>> normalized;  ///< by plugin, then by node
    std::vector<std::int64_t> total;                    ///< by node
  };
  [[nodiscard]] Scores score(std::span<const NodeId> feasible) const;

 private:
  bool narrow(PluginId plugin, std::vector<NodeId> only);
  void order_filters();
  static void add_score(const ScorePlugin& plugin, const WeightedPlugin& weighted,
                        std::span<const NodeId> feasible, Scores& scores);

  Cycle cycle_;
  PluginStatus pre_filter_;
  std::vector<PluginId> skipped_filters_;
  std::optional<std::vector<NodeId>> only_;
  std::vector<PluginId> narrowed_by_;
  std::vector<std::pair<PluginId, std::unique_ptr<FilterPlugin>>> filters_;  // not skipped
};

}  // namespace arcas::scheduler
