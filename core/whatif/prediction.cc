#include "core/whatif/prediction.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "core/whatif/capacity.h"
#include "core/whatif/effects.h"

namespace arcas::whatif {
namespace {

using model::Catalog;
using model::Snapshot;
using model::SnapshotWorkload;

constexpr std::size_t kMostExplained = 10;
constexpr std::size_t kMostChanges = 4;

/// One prediction while it is made.
class Predictor {
 public:
  Predictor(const Snapshot& snapshot, Catalog& catalog, const scheduler::SchedulerProfile& profile,
            bool with_hints)
      : snapshot_(snapshot),
        catalog_(catalog),
        profile_(profile),
        with_hints_(with_hints),
        trial_(snapshot, catalog, profile, true),
        spread_before_(SpreadLevels::of(trial_, snapshot)),
        budgets_(snapshot, catalog) {
    result_.nodes_before = usable();
    for (PodPlace i = 0; i < trial_.pods().size(); ++i) {
      if (trial_.pods()[i].node.valid()) {
        ++result_.pods_bound;
      } else if (!trial_.pods()[i].terminating) {
        pending_.push_back(i);
      }
    }
    result_.pods_pending = static_cast<std::uint32_t>(pending_.size());
  }

  Prediction run(const Change& change) {
    std::visit([this](const auto& what) { make(what); }, change);
    finish();
    return std::move(result_);
  }

 private:
  void make(const ZoneFails& change) {
    for (const model::Node& node : snapshot_.nodes) {
      if (node.zone != change.zone) continue;
      model::Node dead = node;
      dead.ready = model::ConditionStatus::unknown;
      const StringId key = catalog_.intern("node.kubernetes.io/unreachable");
      dead.taints.push_back({key, {}, model::TaintEffect::no_schedule, 0});
      dead.taints.push_back({key, {}, model::TaintEffect::no_execute, 0});
      trial_.set_node(dead);
      clear(node.id, dead.taints.back(), true);
    }
    place_displaced();
  }

  void make(const Drain& change) {
    voluntary_ = true;
    for (const NodeId node : change.nodes) cordon(node, true);
    for (const NodeId node : change.nodes) clear(node, {}, false);
    place_displaced();
  }

  void make(const RemoveNodes& change) {
    voluntary_ = true;
    for (const NodeId node : change.nodes) cordon(node, true);
    for (const NodeId node : change.nodes) clear(node, {}, true);
    for (const NodeId node : change.nodes) trial_.remove_node(node);
    place_displaced();
  }

  void make(const AddNodes& change) {
    for (std::uint32_t i = 0; i < change.count; ++i) {
      trial_.set_node(another_node(change.like, change.like.zone, i, catalog_));
    }
    retry_pending();
  }

  void make(const Scale& change) {
    std::vector<PodPlace> mine;
    for (PodPlace i = 0; i < trial_.pods().size(); ++i) {
      const Trial::PodState& pod = trial_.pods()[i];
      if (!pod.terminating && snapshot_.root_of(pod.workload) == change.workload) mine.push_back(i);
    }
    const auto wanted = static_cast<std::size_t>(change.replicas);
    if (mine.size() > wanted) {
      // The ones without a node go first, as for a ReplicaSet, and then the youngest.
      std::stable_sort(mine.begin(), mine.end(), [&](PodPlace a, PodPlace b) {
        const auto rank = [&](PodPlace p) {
          return std::pair{!trial_.pods()[p].node.valid(),
                           snapshot_.pods[p].pod.meta.created_at.ns};
        };
        return rank(a) < rank(b);
      });
      for (std::size_t i = wanted; i < mine.size(); ++i) {
        std::erase(pending_, mine[i]);
        gone_.push_back(mine[i]);
        trial_.lift(mine[i]);
      }
      return retry_pending();
    }
    const std::uint32_t maker = maker_of(change.workload, mine);
    Trial::PodState pod;
    if (!mine.empty()) {
      pod = trial_.pods()[mine.back()];
    } else {
      const model::PodTemplate& like = snapshot_.workloads[maker].pod_template;
      pod.labels = like.labels;
      pod.spec = like.spec;
      pod.name_space = snapshot_.workloads[maker].name_space;
    }
    pod.workload = maker;
    for (std::size_t i = mine.size(); i < wanted && pod.spec.valid(); ++i) {
      displaced_.push_back(trial_.add(pod));
    }
    place_displaced();
  }

  void make(const OtherScheduler& change) {
    result_.has_comparison = true;
    std::vector<PodPlace> left;
    result_.present = placed_anew(profile_, left);
    result_.other = placed_anew(change.profile, left);
    result_.displaced = result_.other.placed + result_.other.left;
    result_.placed = result_.other.placed;
    result_.left = result_.other.left;
    result_.feasible = result_.other.left <= result_.present.left;
  }

  void make(const Upgrade& change) {
    voluntary_ = true;
    std::vector<const model::Node*> order;
    for (const std::size_t place : upgrade_order(snapshot_, catalog_)) {
      order.push_back(&snapshot_.nodes[place]);
    }
    for (std::size_t from = 0; from < order.size(); from += change.batch) {
      const std::size_t to = std::min<std::size_t>(from + change.batch, order.size());
      upgrade({order.begin() + static_cast<std::ptrdiff_t>(from),
               order.begin() + static_cast<std::ptrdiff_t>(to)});
    }
    result_.feasible = result_.feasible && result_.left == 0;
  }

  void upgrade(const std::vector<const model::Node*>& nodes) {
    UpgradeBatch& batch = result_.batches.emplace_back();
    batch.nodes = static_cast<std::uint32_t>(nodes.size());
    displaced_.clear();
    gone_.clear();
    std::vector<bool> cordoned;
    for (const model::Node* node : nodes) {
      cordoned.push_back(node->unschedulable);
      cordon(node->id, true);
    }
    for (const model::Node* node : nodes) clear(node->id, {}, false);
    const Trial::Placed placed = trial_.place(displaced_);
    batch.moved = static_cast<std::uint32_t>(displaced_.size());
    batch.left = static_cast<std::uint32_t>(placed.left.size());
    result_.displaced += batch.moved;
    result_.placed += batch.moved - batch.left;
    result_.left += batch.left;
    result_.preempted += static_cast<std::uint32_t>(placed.evicted.size());
    if (batch.left > 0 && result_.unplaced.empty()) result_.unplaced = grouped(placed.left);
    note_budgets({placed.left.begin(), placed.left.end()});
    for (std::size_t i = 0; i < nodes.size(); ++i) cordon(nodes[i]->id, cordoned[i]);
    if (!placed.left.empty()) trial_.place(placed.left);
  }

  // ---- parts ----

  void cordon(NodeId id, bool unschedulable) {
    model::Node node = trial_.nodes().at(id);
    node.unschedulable = unschedulable;
    trial_.set_node(node);
  }

  /// Takes the pods off a node. `taint`: only those that do not tolerate it for ever. `all`: those
  /// that belong to the node, too.
  void clear(NodeId node, const model::Taint& taint, bool all) {
    for (const PodPlace place : trial_.pods_on(node)) {
      const Trial::PodState& pod = trial_.pods()[place];
      const bool bare = pod.workload == SnapshotWorkload::kNone;
      const bool per_node =
          !bare && snapshot_.workloads[pod.workload].type == SnapshotWorkload::Type::per_node;
      if (per_node) {
        if (!all) continue;
        ++result_.gone_with_node;
      } else if (taint.key.valid() && stays(pod.spec, taint)) {
        ++result_.left_behind;
        continue;
      } else if (bare) {
        if (!pod.terminating) ++result_.gone_for_good;
      } else if (!pod.terminating) {
        displaced_.push_back(place);
      }
      if (!per_node) gone_.push_back(place);
      trial_.lift(place);
    }
  }

  [[nodiscard]] bool stays(SpecId spec, const model::Taint& taint) const {
    const model::Toleration* toleration = find_toleration(catalog_.spec(spec).tolerations, taint);
    return toleration != nullptr && toleration->seconds == model::Toleration::kForever;
  }

  void place_displaced() {
    // Higher priorities first, as the queue has it; then as the snapshot lists them.
    const Trial::Placed placed = trial_.place(displaced_);
    result_.displaced = static_cast<std::uint32_t>(displaced_.size());
    result_.preempted = static_cast<std::uint32_t>(placed.evicted.size());
    result_.left = static_cast<std::uint32_t>(placed.left.size());
    // Pods that were pushed out and have no other place count among those left.
    result_.placed = static_cast<std::uint32_t>(
        std::count_if(displaced_.begin(), displaced_.end(),
                      [this](PodPlace pod) { return trial_.pods()[pod].node.valid(); }));
    for (const PodPlace pod : placed.evicted) {
      if (trial_.pods()[pod].workload == SnapshotWorkload::kNone) ++result_.gone_for_good;
    }
    left_ = placed.left;
    result_.feasible = left_.empty();
    note_budgets({left_.begin(), left_.end()});
    retry_pending();
  }

  /// Whatever changed, the scheduler tries those that wait again.
  void retry_pending() {
    const Trial::Placed placed = trial_.place(pending_);
    result_.pending_placed = static_cast<std::uint32_t>(
        std::count_if(pending_.begin(), pending_.end(),
                      [this](PodPlace pod) { return trial_.pods()[pod].node.valid(); }));
    std::erase_if(pending_, [this](PodPlace pod) { return trial_.pods()[pod].node.valid(); });
    result_.preempted += static_cast<std::uint32_t>(placed.evicted.size());
    // Pods that those pushed out.
    for (const PodPlace pod : placed.left) {
      const bool waited = std::find(pending_.begin(), pending_.end(), pod) != pending_.end();
      if (!waited) left_.push_back(pod);
    }
    result_.left = static_cast<std::uint32_t>(left_.size());
    result_.feasible = result_.feasible && left_.empty();
  }

  void note_budgets(const std::set<PodPlace>& without_place) {
    for (BudgetEffect& effect : budgets_.effects(gone_, without_place, voluntary_)) {
      if (effect.blocked) result_.feasible = false;
      // Of an upgrade the worst batch counts.
      const auto at =
          std::find_if(result_.budgets.begin(), result_.budgets.end(),
                       [&](const BudgetEffect& known) { return known.budget == effect.budget; });
      if (at == result_.budgets.end()) {
        result_.budgets.push_back(effect);
      } else if (std::tuple{effect.blocked, effect.broken, effect.lost_at_once} >
                 std::tuple{at->blocked, at->broken, at->lost_at_once}) {
        *at = effect;
      }
    }
  }

  /// The workload whose pods are added: the one that controls the newest of them.
  [[nodiscard]] std::uint32_t maker_of(std::uint32_t root,
                                       const std::vector<PodPlace>& pods) const {
    if (!pods.empty()) return trial_.pods()[pods.back()].workload;
    if (snapshot_.workloads[root].has_template) return root;
    for (std::uint32_t i = 0; i < snapshot_.workloads.size(); ++i) {
      if (snapshot_.workloads[i].has_template && snapshot_.root_of(i) == root) return i;
    }
    return root;
  }

  PlacedAnew placed_anew(const scheduler::SchedulerProfile& profile, std::vector<PodPlace>& left) {
    Trial trial(snapshot_, catalog_, profile, true);
    std::vector<PodPlace> movable;
    for (PodPlace i = 0; i < trial.pods().size(); ++i) {
      const Trial::PodState& pod = trial.pods()[i];
      if (pod.workload == SnapshotWorkload::kNone || pod.terminating) continue;
      if (snapshot_.workloads[pod.workload].type == SnapshotWorkload::Type::per_node) continue;
      movable.push_back(i);
    }
    for (const PodPlace pod : movable) trial.lift(pod);
    left = trial.place(movable).left;
    PlacedAnew anew;
    anew.left = static_cast<std::uint32_t>(left.size());
    anew.placed = static_cast<std::uint32_t>(movable.size() - left.size());
    std::set<NodeId> used;
    for (const PodPlace pod : movable) {
      if (trial.pods()[pod].node.valid()) used.insert(trial.pods()[pod].node);
    }
    anew.nodes_used = static_cast<std::uint32_t>(used.size());
    for (const NodeId node : used) {
      const auto& load = trial.cluster().nodes().load(node);
      const double share =
          load.cpu > 0 ? static_cast<double>(load.used_cpu) / static_cast<double>(load.cpu) : 0;
      anew.most_used_cpu_share = std::max(anew.most_used_cpu_share, share);
      anew.mean_used_cpu_share += share / static_cast<double>(used.size());
    }
    if (!left.empty()) result_.unplaced = grouped_by(trial, left);
    return anew;
  }

  std::vector<UnplacedGroup> grouped(const std::vector<PodPlace>& pods) {
    return grouped_by(trial_, pods);
  }

  /// Pods that are alike have one reason. The largest groups are explained.
  std::vector<UnplacedGroup> grouped_by(Trial& trial, const std::vector<PodPlace>& pods) {
    std::map<std::tuple<std::uint32_t, NamespaceId, LabelSetId, SpecId>, std::vector<PodPlace>>
        alike;
    for (const PodPlace place : pods) {
      const Trial::PodState& pod = trial.pods()[place];
      // Of pods that differ in names alone (StatefulSets) the first one speaks for all.
      alike[{snapshot_.root_of(pod.workload), pod.name_space, pod.labels, pod.spec}].push_back(
          place);
    }
    std::vector<std::pair<PodPlace, UnplacedGroup>> groups;
    for (const auto& [key, members] : alike) {
      UnplacedGroup group;
      group.workload = std::get<0>(key);
      group.pods = static_cast<std::uint32_t>(members.size());
      groups.emplace_back(members.front(), std::move(group));
    }
    std::stable_sort(groups.begin(), groups.end(),
                     [](const auto& a, const auto& b) { return a.second.pods > b.second.pods; });
    std::vector<UnplacedGroup> result;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      auto& [sample, group] = groups[i];
      if (i < kMostExplained) {
        const scheduler::PendingReason reason = trial.why(sample);
        group.explained = true;
        group.message = reason.message();
        for (const scheduler::SingleChange& change : reason.changes) {
          if (group.changes.size() < kMostChanges) group.changes.push_back(change.text);
        }
      }
      result.push_back(std::move(group));
    }
    return result;
  }

  [[nodiscard]] std::uint32_t usable() const {
    return static_cast<std::uint32_t>(
        std::count_if(trial_.nodes().begin(), trial_.nodes().end(),
                      [this](const auto& entry) { return takes_pods(entry.second, catalog_); }));
  }

  void finish() {
    result_.nodes_after = usable();
    result_.spread = SpreadLevels::worse(spread_before_, SpreadLevels::of(trial_, snapshot_));
    if (!left_.empty()) result_.unplaced = grouped(left_);
    // Of these nobody has tried the pods that wait.
    if (result_.has_comparison || !result_.batches.empty()) return;
    if (!pending_.empty()) result_.pending = grouped(pending_);
    if (!with_hints_) return;
    Trial hints(trial_);
    if (!left_.empty()) {
      result_.options = nodes_needed(hints, snapshot_, catalog_, left_);
      return;
    }
    if (!pending_.empty()) result_.options = nodes_needed(hints, snapshot_, catalog_, pending_);
    Spare spare = spare_nodes(hints, snapshot_);
    result_.spare = std::move(spare.nodes);
    result_.spare_complete = spare.complete;
  }

  const Snapshot& snapshot_;
  Catalog& catalog_;
  const scheduler::SchedulerProfile& profile_;
  bool with_hints_;
  Trial trial_;
  SpreadLevels spread_before_;
  Budgets budgets_;
  Prediction result_;
  bool voluntary_ = false;
  std::vector<PodPlace> pending_;    // before
  std::vector<PodPlace> displaced_;  // need another place
  std::vector<PodPlace> gone_;       // that budgets miss
  std::vector<PodPlace> left_;
};

}  // namespace

Prediction predict(const Snapshot& snapshot, Catalog& catalog,
                   const scheduler::SchedulerProfile& profile, const Change& change,
                   bool with_hints) {
  return Predictor(snapshot, catalog, profile, with_hints).run(change);
}

}  // namespace arcas::whatif
