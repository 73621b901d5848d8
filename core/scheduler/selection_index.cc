#include <algorithm>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "core/scheduler/group_chooser.h"
#include "core/scheduler/selection.h"

namespace arcas::scheduler {
namespace {

/// The nodes that have pods of a class whose hosts are looked at one by one (PodClass::apart_rule),
/// in groups as the index would make them: by its own groups and the count.
class NodesApart {
 public:
  struct Bucket {
    NodeIndex::Best best;
    std::uint32_t feasible = 0;
    void add(NodeId node, std::int32_t score) {
      ++feasible;
      const bool better =
          !best.node.valid() || score > best.score || (score == best.score && node < best.node);
      if (better) best = {node, score};
    }
  };
  struct Group {
    GroupTraits traits;
    Bucket bucket;
  };

  NodesApart(Cluster& cluster, const PodClass& pod_class, const NodeIndex& index)
      : left_out_(index.group_count()), counted_feasible_(index.group_count()) {
    const auto rule = static_cast<std::size_t>(pod_class.apart_rule);
    const SpreadConstraint& constraint = pod_class.spread.soft[rule];
    const DomainMembers& members = cluster.topology().members(constraint.key);
    std::map<std::pair<std::uint32_t, std::int64_t>, Bucket> buckets;
    cluster.counters()[constraint.counter].for_each_nonzero(
        [&](std::uint32_t domain, std::int64_t count) {
          members.for_each(domain, [&](NodeId node) {
            const NodeIndex::Standing at = index.standing(node);
            if (at.group == NodeIndex::Standing::kNone) return;
            left_out_[at.group].push_back(at.place);
            if (at.score == NodeIndex::kInfeasible) return;
            ++counted_feasible_[at.group];
            buckets[{at.group, count}].add(node, at.score);
          });
        });
    for (auto& places : left_out_) std::sort(places.begin(), places.end());
    for (const auto& [key, bucket] : buckets) {
      Group& group = groups_.emplace_back();
      group.traits = index.traits(key.first);
      group.traits.coordinates[pod_class.soft_axis[rule]] = static_cast<std::int32_t>(key.second);
      group.bucket = bucket;
    }
  }

  [[nodiscard]] const std::deque<Group>& groups() const { return groups_; }
  /// What is left of a group of the index.
  [[nodiscard]] std::uint32_t feasible_rest(const NodeIndex& index, std::uint32_t group) const {
    return index.feasible(group) - counted_feasible_[group];
  }
  [[nodiscard]] NodeIndex::Best best_rest(const NodeIndex& index, std::uint32_t group) const {
    return index.best_without(group, left_out_[group]);
  }

 private:
  std::vector<std::vector<std::uint32_t>> left_out_;  // by group: places
  std::vector<std::uint32_t> counted_feasible_;       // by group
  std::deque<Group> groups_;
};

Selection select_apart(Cluster& cluster, const SchedulerProfile& profile, const PodClass& pod_class,
                       const NodeIndex& index) {
  GroupChooser chooser(cluster, profile, pod_class);
  const NodesApart apart(cluster, pod_class, index);
  std::vector<NodeId> nodes;
  const auto offer = [&](const GroupTraits& traits, const NodeIndex::Best& best,
                         std::uint32_t feasible) {
    if (!chooser.passes(traits)) return;
    chooser.offer(traits, best.score, feasible, static_cast<std::uint32_t>(nodes.size()));
    nodes.push_back(best.node);
  };
  for (std::uint32_t g = 0; g < index.group_count(); ++g) {
    const std::uint32_t rest = apart.feasible_rest(index, g);
    if (rest != 0) offer(index.traits(g), apart.best_rest(index, g), rest);
  }
  for (const NodesApart::Group& group : apart.groups()) {
    offer(group.traits, group.bucket.best, group.bucket.feasible);
  }
  Selection best;
  for (const GroupChooser::Choice& choice : chooser.best()) {
    const NodeId node = nodes[choice.group];
    if (!best.node.valid() || node < best.node) best = {node, choice.total};
  }
  return best;
}

}  // namespace

Selection select_by_index(Cluster& cluster, const SchedulerProfile& profile,
                          const PodClass& pod_class, NodeIndex& index) {
  if (pod_class.apart_rule >= 0) return select_apart(cluster, profile, pod_class, index);
  GroupChooser chooser(cluster, profile, pod_class);
  for (std::uint32_t g = 0; g < index.group_count(); ++g) {
    if (index.feasible(g) == 0 || !chooser.passes(index.traits(g))) continue;
    chooser.offer(index.traits(g), index.best_score(g), index.feasible(g), g);
  }
  Selection best;
  for (const GroupChooser::Choice& choice : chooser.best()) {
    const NodeId node = index.best_node(choice.group);
    if (!best.node.valid() || node < best.node) best = {node, choice.total};
  }
  return best;
}

}  // namespace arcas::scheduler
