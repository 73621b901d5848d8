#include "core/scheduler/group_chooser.h"

#include <algorithm>

namespace arcas::scheduler {

GroupChooser::GroupChooser(Cluster& cluster, const SchedulerProfile& profile,
                           const PodClass& pod_class)
    : cluster_(cluster), profile_(profile), class_(pod_class) {
  for (const SpreadConstraint& rule : class_.spread.hard) {
    minima_.push_back(global_minimum(rule, cluster_.counters()[rule.counter]));
  }
}

void GroupChooser::offer(const GroupTraits& traits, std::int32_t local, std::uint32_t feasible,
                         std::uint32_t group) {
  options_.push_back({&traits, local, feasible, group});
}

/// Pods in the domain of the group's nodes; -1: they have no such label.
std::int64_t GroupChooser::count(const GroupTraits& traits, std::uint8_t axis, CounterId counter) {
  const std::int32_t coordinate = traits.coordinates[axis];
  const Axis& of = class_.axes[axis];
  if (coordinate == NodeIndex::kNoLabel || of.counter.valid() || of.presence) return coordinate;
  return cluster_.counters()[counter].value(static_cast<std::uint32_t>(coordinate));
}

bool GroupChooser::passes(const GroupTraits& traits) {
  for (std::size_t i = 0; i < class_.spread.hard.size(); ++i) {
    const SpreadConstraint& rule = class_.spread.hard[i];
    const std::int64_t pods = count(traits, class_.hard_axis[i], rule.counter);
    if (filter_spread(rule, pods >= 0, pods, minima_[i]) != SpreadVerdict::fits) return false;
  }
  return !class_.affinity.filters() || passes_affinity(traits);
}

bool GroupChooser::passes_affinity(const GroupTraits& traits) {
  const auto axis_of = [&](const AffinityCount& entry) {
    const AffinityRules& rules = class_.affinity;
    const auto within = [&entry](const std::vector<AffinityCount>& list) {
      return !list.empty() && &entry >= list.data() && &entry < list.data() + list.size();
    };
    const auto at = [&entry](const std::vector<AffinityCount>& list,
                             const std::vector<std::uint8_t>& axes) {
      return axes[static_cast<std::size_t>(&entry - list.data())];
    };
    if (within(rules.required)) return at(rules.required, class_.required_axis);
    if (within(rules.anti)) return at(rules.anti, class_.anti_axis);
    return at(rules.existing_anti, class_.existing_axis);
  };
  return filter_affinity(
             class_.affinity,
             [&](const AffinityCount& entry) {
               return count(traits, axis_of(entry), entry.counter);
             },
             [&](const AffinityCount& entry) {
               return cluster_.counters()[entry.counter].total();
             }) == AffinityVerdict::fits;
}

/// Domains with a feasible node that counts; for host names, such nodes.
std::size_t GroupChooser::domains(std::size_t rule) const {
  const std::uint8_t axis = class_.soft_axis[rule];
  if (class_.spread.soft[rule].by_host) {
    std::size_t nodes = 0;
    for (const Option& option : options_) {
      if (option.spread_counts) nodes += option.feasible;
    }
    return nodes;
  }
  boost::container::small_vector<std::int32_t, 16> seen;
  for (const Option& option : options_) {
    const std::int32_t domain = option.traits->coordinates[axis];
    if (!option.spread_counts) continue;  // else no label is a domain, too
    if (std::find(seen.begin(), seen.end(), domain) == seen.end()) seen.push_back(domain);
  }
  return seen.size();
}

void GroupChooser::score_spread() {
  const auto& soft = class_.spread.soft;
  if (soft.empty()) return;
  for (Option& option : options_) {
    const GroupTraits& traits = *option.traits;
    if (!class_.spread.require_all_soft_keys) continue;
    option.spread_counts = std::none_of(
        class_.soft_axis.begin(), class_.soft_axis.end(),
        [&](std::uint8_t axis) { return traits.coordinates[axis] == NodeIndex::kNoLabel; });
  }
  boost::container::small_vector<double, 4> weights;
  for (std::size_t i = 0; i < soft.size(); ++i) weights.push_back(spread_weight(domains(i)));
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  bool first = true;
  for (Option& option : options_) {
    if (!option.spread_counts) continue;
    double sum = 0;
    for (std::size_t i = 0; i < soft.size(); ++i) {
      const std::int64_t pods = count(*option.traits, class_.soft_axis[i], soft[i].counter);
      if (pods >= 0) sum += spread_share(soft[i], pods, weights[i]);
    }
    option.spread = round_spread(sum);
    minimum = first ? option.spread : std::min(minimum, option.spread);
    maximum = first ? option.spread : std::max(maximum, option.spread);
    first = false;
  }
  for (Option& option : options_) {
    option.spread = option.spread_counts ? normalize_spread(option.spread, minimum, maximum) : 0;
  }
}

void GroupChooser::score_affinity() {
  const auto& scores = class_.affinity.scores;
  if (scores.empty()) return;
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  for (std::size_t o = 0; o < options_.size(); ++o) {
    Option& option = options_[o];
    const GroupTraits& traits = *option.traits;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const std::int64_t pods = count(traits, class_.score_axis[i], scores[i].counter);
      option.affinity += scores[i].weight * std::max<std::int64_t>(pods, 0);
    }
    minimum = o == 0 ? option.affinity : std::min(minimum, option.affinity);
    maximum = o == 0 ? option.affinity : std::max(maximum, option.affinity);
  }
  for (Option& option : options_) {
    option.affinity = normalize_affinity(option.affinity, minimum, maximum);
  }
}

boost::container::small_vector<GroupChooser::Choice, 4> GroupChooser::best() {
  boost::container::small_vector<Choice, 4> best;
  if (options_.empty()) return best;
  score_spread();
  score_affinity();
  std::int64_t most_preferred = 0;
  std::int64_t most_taints = 0;
  for (const Option& option : options_) {
    most_preferred = std::max(most_preferred, option.traits->preferred);
    most_taints = std::max(most_taints, option.traits->taints);
  }
  const std::int64_t node_affinity = weight_of(profile_, PluginId::node_affinity);
  const std::int64_t taint = weight_of(profile_, PluginId::taint_toleration);
  const std::int64_t spread = weight_of(profile_, PluginId::pod_topology_spread);
  const std::int64_t between = weight_of(profile_, PluginId::inter_pod_affinity);
  for (const Option& option : options_) {
    const GroupTraits& traits = *option.traits;
    const std::int64_t preferred =
        most_preferred == 0 ? 0 : 100 * traits.preferred / most_preferred;
    const std::int64_t taints = most_taints == 0 ? 100 : 100 - 100 * traits.taints / most_taints;
    const std::int64_t total = option.local + node_affinity * preferred + taint * taints +
                               spread * option.spread + between * option.affinity;
    if (!best.empty() && total < best.front().total) continue;
    if (!best.empty() && total > best.front().total) best.clear();
    best.push_back({option.group, total});
  }
  return best;
}

}  // namespace arcas::scheduler
