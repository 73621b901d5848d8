#include "core/scheduler/node_sampling.h"

#include <algorithm>
#include <map>
#include <memory>

#include "core/scheduler/group_chooser.h"
#include "core/scheduler/preemption_dry_run.h"

namespace arcas::scheduler {
namespace {

/// The nodes of a sample that are alike to a pod: of one group of the index, and where hosts are
/// looked at one by one (PodClass::apart_rule) with equally many pods.
class SampledGroups {
 public:
  SampledGroups(Cluster& cluster, const SchedulerProfile& profile, const PodClass& pod_class,
                const NodeIndex& index)
      : index_(index), chooser_(cluster, profile, pod_class), passes_(index.group_count()) {
    if (pod_class.apart_rule < 0) return;
    const auto rule = static_cast<std::size_t>(pod_class.apart_rule);
    const SpreadConstraint& constraint = pod_class.spread.soft[rule];
    hosts_ = &cluster.topology().map(constraint.key);
    counter_ = &cluster.counters()[constraint.counter];
    axis_ = pod_class.soft_axis[rule];
  }

  /// Whether the node takes the pod; then it is of the sample.
  bool add(NodeId node) {
    const NodeIndex::Standing at = index_.standing(node);
    if (at.group == NodeIndex::Standing::kNone || at.score == NodeIndex::kInfeasible) return false;
    std::uint8_t& passes = passes_[at.group];
    if (passes == kUnknown) passes = chooser_.passes(index_.traits(at.group)) ? kYes : kNo;
    if (passes == kNo) return false;
    Bucket& bucket = bucket_of(at.group, node);
    ++bucket.feasible;
    const bool better = !bucket.node.valid() || at.score > bucket.score ||
                        (at.score == bucket.score && node < bucket.node);
    if (better) {
      bucket.node = node;
      bucket.score = at.score;
    }
    return true;
  }

  Selection best() {
    std::vector<GroupTraits> traits;  // offers point into it
    traits.reserve(buckets_.size());
    std::vector<NodeId> nodes;
    for (const auto& [key, bucket] : buckets_) {
      GroupTraits& of = traits.emplace_back(index_.traits(key.first));
      if (counter_ != nullptr && of.coordinates[axis_] != NodeIndex::kNoLabel) {
        of.coordinates[axis_] = static_cast<std::int32_t>(key.second);
      }
      chooser_.offer(of, bucket.score, bucket.feasible, static_cast<std::uint32_t>(nodes.size()));
      nodes.push_back(bucket.node);
    }
    Selection best;
    for (const GroupChooser::Choice& choice : chooser_.best()) {
      const NodeId node = nodes[choice.group];
      if (!best.node.valid() || node < best.node) best = {node, choice.total};
    }
    return best;
  }

 private:
  struct Bucket {
    NodeId node;  // the best of it
    std::int32_t score = NodeIndex::kInfeasible;
    std::uint32_t feasible = 0;
  };
  using Key = std::pair<std::uint32_t, std::int64_t>;  // group, pods on the host
  static constexpr std::uint8_t kUnknown = 0;
  static constexpr std::uint8_t kYes = 1;
  static constexpr std::uint8_t kNo = 2;

  Bucket& bucket_of(std::uint32_t group, NodeId node) {
    Key key{group, 0};
    if (counter_ != nullptr) {
      const std::uint32_t host = hosts_->domain_of(node);
      if (host != TopologyMap::kNone) key.second = counter_->value(host);
    }
    if (last_ != nullptr && last_key_ == key) return *last_;
    last_key_ = key;
    return *(last_ = &buckets_[key]);
  }

  const NodeIndex& index_;
  GroupChooser chooser_;
  std::vector<std::uint8_t> passes_;  // by group
  const TopologyMap* hosts_ = nullptr;
  const Counter* counter_ = nullptr;
  std::uint8_t axis_ = 0;
  std::map<Key, Bucket> buckets_;
  Key last_key_;
  Bucket* last_ = nullptr;
};

/// How many nodes take the pod. Cost: O(groups × rules).
std::size_t takers(Cluster& cluster, const SchedulerProfile& profile, const PodClass& pod_class,
                   const NodeIndex& index) {
  GroupChooser chooser(cluster, profile, pod_class);
  std::size_t count = 0;
  for (std::uint32_t g = 0; g < index.group_count(); ++g) {
    if (index.feasible(g) != 0 && chooser.passes(index.traits(g))) count += index.feasible(g);
  }
  return count;
}

}  // namespace

std::uint32_t feasible_nodes_to_find(const SampleSize& size, std::uint32_t nodes) {
  if (nodes < size.fewest || size.percentage >= 100) return nodes;
  std::int64_t share = size.percentage;
  if (share == 0) share = std::max<std::int64_t>(50 - std::int64_t{nodes} / 125, 5);
  const auto wanted = static_cast<std::uint32_t>(std::int64_t{nodes} * share / 100);
  const std::uint32_t enough = std::max(wanted, size.fewest);
  return size.most == 0 ? enough : std::min(enough, size.most);
}

NodeSampling::Zone NodeSampling::zone_of(const NodeTable& nodes, NodeId node) {
  return nodes.known(node) ? Zone(nodes[node].zone_label) : Zone();
}

/// Reads on in the log of the nodes, up to the first that came, went or changed its zone.
bool NodeSampling::is_stale(const NodeTable& nodes) {
  if (!built_ || log_position_ < nodes.log_start()) return true;
  for (; log_position_ != nodes.log_end(); ++log_position_) {
    const std::uint32_t entry = nodes.log_at(log_position_);
    if ((entry & NodeTable::kStatic) == 0) continue;
    const NodeId node{entry & ~NodeTable::kStatic};
    const Zone known = node.index < zones_.size() ? zones_[node.index] : Zone();
    if (known != zone_of(nodes, node)) return true;
  }
  return false;
}

void NodeSampling::refresh(const NodeTable& nodes) {
  if (!is_stale(nodes)) return;
  built_ = true;
  log_position_ = nodes.log_end();
  zones_.assign(nodes.size(), Zone());
  std::map<StringId, std::vector<NodeId>> by_zone;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    zones_[i] = zone_of(nodes, NodeId{i});
    if (zones_[i]) by_zone[*zones_[i]].push_back(NodeId{i});
  }
  order_.clear();
  for (std::size_t round = 0; order_.size() < nodes.known_count(); ++round) {
    for (const auto& [zone, members] : by_zone) {
      if (round < members.size()) order_.push_back(members[round]);
    }
  }
  start_ = order_.empty() ? 0 : start_ % order_.size();
}

/// Without scores the first node that fits is as good as any.
std::size_t NodeSampling::enough(const SchedulerProfile& profile) const {
  if (profile.scores.empty()) return 1;
  return feasible_nodes_to_find(size_, static_cast<std::uint32_t>(order_.size()));
}

template <class Takes>
void NodeSampling::look(std::size_t enough, Takes&& takes) {
  if (order_.empty()) return;
  std::size_t found = 0;
  std::size_t looked = 0;
  std::size_t at = start_;
  for (; looked < order_.size() && found < enough; ++looked) {
    if (takes(order_[at])) ++found;
    if (++at == order_.size()) at = 0;
  }
  start_ = at;
}

Selection NodeSampling::select(const Cycle& cycle, const Nominations& nominations) {
  refresh(cycle.cluster.nodes());
  auto evaluation = std::make_unique<Evaluation>(cycle);
  if (!evaluation->pre_filter().ok()) return {};
  // Nodes that PreFilter or a target names are few.
  if (evaluation->only() || cycle.pod.target.valid()) return select_by_scan(cycle, &nominations);
  std::vector<NodeId> feasible;
  look(enough(cycle.profile), [&](NodeId node) {
    if (evaluation->passes(node) != Code::success) return false;
    if (!rivals_on(cycle, nominations, node).empty()) {
      const bool fits =
          NodeDryRun(cycle, without_skipped(cycle, *evaluation), nominations, node).fits();
      // Trying pods on nodes may have moved the counters, so the plugins are made anew.
      evaluation = std::make_unique<Evaluation>(cycle);
      if (!fits) return false;
    }
    feasible.push_back(node);
    return true;
  });
  std::sort(feasible.begin(), feasible.end());  // ties go to the lowest
  return best_scored(cycle, feasible);
}

Selection NodeSampling::select(Cluster& cluster, const SchedulerProfile& profile,
                               const PodClass& pod_class, NodeIndex& index) {
  refresh(cluster.nodes());
  // Where too few nodes take the pod, looking would come full circle: all that do are scored.
  if (takers(cluster, profile, pod_class, index) < enough(profile)) {
    return select_by_index(cluster, profile, pod_class, index);
  }
  SampledGroups sample(cluster, profile, pod_class, index);
  look(enough(profile), [&](NodeId node) { return sample.add(node); });
  return sample.best();
}

}  // namespace arcas::scheduler
