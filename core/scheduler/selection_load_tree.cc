#include <algorithm>
#include <optional>
#include <vector>

#include "core/scheduler/group_chooser.h"
#include "core/scheduler/selection.h"

namespace arcas::scheduler {
namespace {

/// The profile that the tree's own filters and scores are of.
bool usual_profile(const SchedulerProfile& profile) {
  const SchedulerProfile usual = SchedulerProfile::arcas();
  const bool strategy = profile.fit.strategy != ScoringStrategy::requested_to_capacity_ratio;
  return strategy && profile.filters == usual.filters && profile.scores == usual.scores &&
         profile.pre_filters == usual.pre_filters && profile.pre_scores == usual.pre_scores &&
         profile.fit.resources == usual.fit.resources && profile.balanced == usual.balanced &&
         profile.fit.ignored_resources.empty() && profile.fit.ignored_resource_groups.empty() &&
         !profile.node_affinity.has_added;
}

bool any_node_will_do(const model::PodSpec& spec) {
  return spec.node_selector.empty() && !spec.node_affinity.has_required &&
         spec.node_affinity.preferred.empty() && !spec.node_name.valid() && spec.host_ports.empty();
}

}  // namespace

bool load_tree_covers(const Cluster& cluster, const SchedulerProfile& profile,
                      const PodClass& pod_class) {
  const auto over_zones = [&](const Axis& axis) {
    return axis.key == cluster.zone_key() && !axis.counter.valid();
  };
  return pod_class.indexable && pod_class.apart_rule < 0 && !pod_class.images &&
         usual_profile(profile) && any_node_will_do(cluster.catalog().spec(pod_class.spec)) &&
         !(profile.pod_level_resources &&
           cluster.catalog().spec(pod_class.spec).has_pod_requests) &&
         std::all_of(pod_class.axes.begin(), pod_class.axes.end(), over_zones);
}

Selection select_by_load_tree(Cluster& cluster, const SchedulerProfile& profile,
                              const PodClass& pod_class, const LoadTree& tree) {
  const model::PodSpec& spec = cluster.catalog().spec(pod_class.spec);
  const Demand& demand = cluster.shapes()[pod_class.shape].demand;
  const auto groups = tree.groups();
  GroupChooser chooser(cluster, profile, pod_class);
  std::vector<GroupTraits> traits(groups.size());
  std::vector<LoadTree::Best> bests(groups.size());
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    const LoadTree::Group& group = groups[g];
    if (group.nodes == 0) continue;
    if (filter_static(spec, NodeId{}, group.facts, cluster.catalog()) != Reason::fits) continue;
    traits[g].taints = intolerable_taints(spec, group.facts);
    for (const Axis& axis : pod_class.axes) {
      const TopologyMap& map = cluster.topology().map(axis.key);
      const auto domain = map.by_value.find(group.zone.index);
      traits[g].coordinates.push_back(domain == map.by_value.end()
                                          ? NodeIndex::kNoLabel
                                          : static_cast<std::int32_t>(domain->second));
    }
    if (!chooser.passes(traits[g])) continue;
    const std::optional<LoadTree::Best> best = tree.best(g, demand);
    if (!best) continue;
    bests[g] = *best;
    chooser.offer(traits[g], best->score, group.nodes, g);
  }
  Selection best;
  for (const GroupChooser::Choice& choice : chooser.best()) {
    const NodeId node = bests[choice.group].node;
    if (!best.node.valid() || node < best.node) best = {node, choice.total};
  }
  return best;
}

}  // namespace arcas::scheduler
