#include "core/manifest/plugin_arguments.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/manifest/parts.h"
#include "core/manifest/plugin_sets.h"
#include "core/manifest/pod.h"
#include "core/model/names.h"

namespace arcas::manifest {

using model::Catalog;
using scheduler::PluginId;
using scheduler::SchedulerProfile;

namespace {

std::vector<scheduler::ScoredResource> scored_resources_at(const Field& field, Catalog& catalog,
                                                           std::int64_t most_weight) {
  std::vector<scheduler::ScoredResource> resources;
  for (const Field& entry : field.elements()) {
    entry.allow_only({"name", "weight"});
    entry["name"].require();
    const ResourceId kind = catalog.resources.intern(entry["name"].text());
    resources.push_back({kind, entry["weight"].integer(1, 1, most_weight)});
  }
  if (resources.empty()) resources = {{model::kCpu, 1}, {model::kMemory, 1}};
  return resources;
}

std::vector<scheduler::UtilizationPoint> shape_at(const Field& field) {
  std::vector<scheduler::UtilizationPoint> shape;
  for (const Field& entry : field.elements()) {
    entry.allow_only({"utilization", "score"});
    const scheduler::UtilizationPoint point{entry["utilization"].integer(0, 0, 100),
                                            entry["score"].integer(0, 0, 10)};
    if (!shape.empty() && shape.back().utilization >= point.utilization) {
      entry["utilization"].refuse("does not grow; allowed: points in ascending order");
    }
    shape.push_back(point);
  }
  if (shape.empty()) field.refuse("is empty; allowed: at least one point");
  return shape;
}

void read_scoring_strategy(const Field& field, scheduler::FitArguments& fit, Catalog& catalog) {
  if (field.present()) {
    field.allow_only({"type", "resources", "requestedToCapacityRatio"});
    field["type"].require();
  }
  constexpr scheduler::ScoringStrategy kStrategies[] = {
      scheduler::ScoringStrategy::least_allocated, scheduler::ScoringStrategy::most_allocated,
      scheduler::ScoringStrategy::requested_to_capacity_ratio};
  fit.strategy = kStrategies[field["type"].one_of(
      {"LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"})];
  fit.resources = scored_resources_at(field["resources"], catalog, 100);
  const Field ratio = field["requestedToCapacityRatio"];
  if (fit.strategy != scheduler::ScoringStrategy::requested_to_capacity_ratio) {
    if (ratio.present()) ratio.refuse("is allowed only where the type is RequestedToCapacityRatio");
    return;
  }
  ratio.require();
  if (!ratio.present()) return;
  ratio.allow_only({"shape"});
  fit.shape = shape_at(ratio["shape"]);
}

void read_fit(const Field& args, SchedulerProfile& profile, Catalog& catalog) {
  args.allow_only(
      {"apiVersion", "kind", "ignoredResources", "ignoredResourceGroups", "scoringStrategy"});
  scheduler::FitArguments fit;
  for (const Field& name : args["ignoredResources"].elements()) {
    const auto problems = model::problems_of_qualified_name(name.text());
    if (!problems.empty()) name.refuse(quoted(name.text()) + ": " + problems.front());
    fit.ignored_resources.emplace_back(name.text());
  }
  for (const Field& group : args["ignoredResourceGroups"].elements()) {
    const auto problems = model::problems_of_qualified_name(group.text());
    if (group.text().find('/') != std::string_view::npos) {
      group.refuse(quoted(group.text()) + " is no group; allowed: what stands before the \"/\"");
    } else if (!problems.empty()) {
      group.refuse(quoted(group.text()) + ": " + problems.front());
    }
    fit.ignored_resource_groups.emplace_back(group.text());
  }
  read_scoring_strategy(args["scoringStrategy"], fit, catalog);
  profile.fit = std::move(fit);
}

void read_balanced(const Field& args, SchedulerProfile& profile, Catalog& catalog) {
  args.allow_only({"apiVersion", "kind", "resources"});
  profile.balanced.resources = scored_resources_at(args["resources"], catalog, 1);
  const auto& resources = profile.balanced.resources;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    const auto end = resources.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(resources.begin(), end, resources[i]) != end) {
      const Field name = args["resources"].elements()[i]["name"];
      name.refuse(quoted(name.text()) + " stands twice");
    }
  }
}

void read_node_affinity(const Field& args, SchedulerProfile& profile, Catalog& catalog) {
  args.allow_only({"apiVersion", "kind", "addedAffinity"});
  const Field added = args["addedAffinity"];
  if (!added.present()) return;
  added.allow_only({"requiredDuringSchedulingIgnoredDuringExecution",
                    "preferredDuringSchedulingIgnoredDuringExecution"});
  profile.node_affinity.has_added = true;
  profile.node_affinity.added = node_affinity_at(added, catalog);
}

void read_inter_pod_affinity(const Field& args, SchedulerProfile& profile, Catalog&) {
  args.allow_only(
      {"apiVersion", "kind", "hardPodAffinityWeight", "ignorePreferredTermsOfExistingPods"});
  profile.inter_pod_affinity.hard_pod_affinity_weight =
      args["hardPodAffinityWeight"].integer(1, 0, 100);
  profile.inter_pod_affinity.ignore_preferred_terms_of_existing_pods =
      args["ignorePreferredTermsOfExistingPods"].boolean();
}

void read_spread(const Field& args, SchedulerProfile& profile, Catalog& catalog) {
  using Arguments = scheduler::TopologySpreadArguments;
  args.allow_only({"apiVersion", "kind", "defaultConstraints", "defaultingType"});
  const Field constraints = args["defaultConstraints"];
  for (const Field& entry : constraints.elements()) {
    entry.allow_only({"maxSkew", "topologyKey", "whenUnsatisfiable", "minDomains",
                      "nodeAffinityPolicy", "nodeTaintsPolicy", "matchLabelKeys", "labelSelector"});
    const Field key = entry["topologyKey"];
    key.require();
    const auto problems = model::problems_of_qualified_name(key.text());
    if (!problems.empty()) key.refuse(quoted(key.text()) + ": " + problems.front());
    if (entry["labelSelector"].present()) {
      entry["labelSelector"].refuse("is not allowed; it is deduced for each pod");
    }
  }
  profile.spread.defaulting = args["defaultingType"].one_of({"System", "List"}) == 0
                                  ? Arguments::Defaulting::system
                                  : Arguments::Defaulting::list;
  profile.spread.constraints = topology_spread_at(constraints, catalog);
  const auto& list = profile.spread.constraints;
  if (profile.spread.defaulting == Arguments::Defaulting::system && !list.empty()) {
    args["defaultingType"].refuse("is System while defaultConstraints are given; allowed: List");
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool repeated = std::any_of(
        list.begin(), list.begin() + static_cast<std::ptrdiff_t>(i), [&](const auto& other) {
          return other.topology_key == list[i].topology_key &&
                 other.when_unsatisfiable == list[i].when_unsatisfiable;
        });
    if (repeated) {
      constraints.elements()[i].refuse("repeats topologyKey and whenUnsatisfiable of another");
    }
  }
}

void read_preemption(const Field& args, SchedulerProfile& profile, Catalog&) {
  args.allow_only(
      {"apiVersion", "kind", "minCandidateNodesPercentage", "minCandidateNodesAbsolute"});
  profile.preemption.min_candidate_nodes_percentage =
      args["minCandidateNodesPercentage"].integer32(10, 0, 100);
  profile.preemption.min_candidate_nodes_absolute =
      args["minCandidateNodesAbsolute"].integer32(100, 0);
  if (profile.preemption.min_candidate_nodes_percentage == 0 &&
      profile.preemption.min_candidate_nodes_absolute == 0) {
    args["minCandidateNodesAbsolute"].refuse(
        "is 0 and so is minCandidateNodesPercentage; allowed: at least one above 0");
  }
}

void read_volume_binding(const Field& args, SchedulerProfile&, Catalog&) {
  args.allow_only({"apiVersion", "kind", "bindTimeoutSeconds"});
  (void)args["bindTimeoutSeconds"].integer(600, 0);
}

struct Reader {
  PluginId plugin;
  void (*read)(const Field& args, SchedulerProfile& profile, Catalog& catalog);
};
constexpr Reader kReaders[] = {
    {PluginId::node_resources_fit, read_fit},
    {PluginId::node_resources_balanced_allocation, read_balanced},
    {PluginId::node_affinity, read_node_affinity},
    {PluginId::inter_pod_affinity, read_inter_pod_affinity},
    {PluginId::pod_topology_spread, read_spread},
    {PluginId::default_preemption, read_preemption},
    {PluginId::volume_binding, read_volume_binding},
};

void read_arguments(PluginId plugin, const Field& args, SchedulerProfile& profile,
                    Catalog& catalog) {
  if (!args.present()) return;
  const std::string kind = std::string(scheduler::name(plugin)) + "Args";
  if (args["kind"].present() && args["kind"].text() != kind) {
    args["kind"].refuse(quoted(args["kind"].text()) + " has to match the plugin; allowed: " + kind);
  }
  const auto* reader =
      std::find_if(std::begin(kReaders), std::end(kReaders),
                   [plugin](const Reader& known) { return known.plugin == plugin; });
  if (reader == std::end(kReaders)) {
    args.allow_only({});
  } else {
    reader->read(args, profile, catalog);
  }
}

}  // namespace

void read_plugin_config(const Field& list, SchedulerProfile& profile, Catalog& catalog) {
  std::vector<PluginId> seen;
  for (const Field& entry : list.elements()) {
    entry.allow_only({"name", "args"});
    entry["name"].require();
    const std::string_view name = entry["name"].text();
    const auto plugin = scheduler::plugin_named(name);
    if (!plugin) {
      entry["name"].refuse(quoted(name) + " is no plugin; allowed: " + plugin_names());
      return;
    }
    if (std::find(seen.begin(), seen.end(), *plugin) != seen.end()) {
      entry["name"].refuse(quoted(name) + " is configured twice");
    }
    seen.push_back(*plugin);
    read_arguments(*plugin, entry["args"], profile, catalog);
  }
}

}  // namespace arcas::manifest
