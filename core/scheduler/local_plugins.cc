#include "core/scheduler/local_plugins.h"

#include <algorithm>

#include "core/scheduler/plugins/allocation_scores.h"
#include "core/scheduler/plugins/node_filters.h"

namespace arcas::scheduler {
namespace {

bool cpu_and_memory(const std::vector<ScoredResource>& resources) {
  return resources == std::vector<ScoredResource>{{model::kCpu, 1}, {model::kMemory, 1}};
}

FitStrategy usual_strategy(const SchedulerProfile& profile) {
  return profile.fit.strategy == ScoringStrategy::most_allocated ? FitStrategy::most_allocated
                                                                 : FitStrategy::least_allocated;
}

bool is_usual(const SchedulerProfile& profile, const model::PodSpec& spec) {
  return profile.fit.strategy != ScoringStrategy::requested_to_capacity_ratio &&
         cpu_and_memory(profile.fit.resources) && cpu_and_memory(profile.balanced.resources) &&
         profile.fit.ignored_resources.empty() && profile.fit.ignored_resource_groups.empty() &&
         !(profile.pod_level_resources && spec.has_pod_requests) &&
         profile.filters_with(PluginId::node_resources_fit);
}

}  // namespace

std::int64_t weight_of(const SchedulerProfile& profile, PluginId plugin) {
  for (const WeightedPlugin& entry : profile.scores) {
    if (entry.plugin == plugin) return entry.weight;
  }
  return 0;
}

LocalPlugins::LocalPlugins(Cluster& cluster, const SchedulerProfile& profile, const Shape& shape,
                           SpecId images)
    : cluster_(cluster),
      profile_(profile),
      cycle_{cluster, profile, representative_, Uid{}},
      images_cycle_{cluster, profile, with_images_, Uid{}},
      shape_(shape) {
  representative_.spec = shape.representative;
  with_images_.spec = images;
  usual_ = is_usual(profile, cycle_.spec());
  most_allocated_ = usual_strategy(profile) == FitStrategy::most_allocated;
  for (std::size_t i = 0; i < shape.demand.amounts.size(); ++i) {
    const std::int64_t amount = shape.demand.amounts[i];
    if (i == model::kCpu.index) {
      needs_cpu_ = amount;
    } else if (i == model::kMemory.index) {
      needs_memory_ = amount;
    } else if (i != model::kPods.index && amount != 0) {
      needs_others_ = true;
    }
  }
  for (const PluginId id : profile.filters) {
    switch (id) {
      case PluginId::node_unschedulable:
      case PluginId::node_name:
      case PluginId::taint_toleration:
      case PluginId::node_affinity:
      case PluginId::node_runtime_ready: {
        auto plugin = make_filter(id, cycle_);
        if (plugin->prepare().status.code != Code::skip) {
          static_filters_.push_back(std::move(plugin));
        }
        break;
      }
      case PluginId::node_ports:
      case PluginId::node_resources_fit: {
        if (usual_ && id == PluginId::node_resources_fit) break;
        auto plugin = make_filter(id, cycle_);
        if (plugin->prepare().status.code != Code::skip) {
          usage_filters_.push_back(std::move(plugin));
        }
        break;
      }
      default:
        break;
    }
  }
  fit_weight_ = weight_of(profile, PluginId::node_resources_fit);
  balanced_weight_ = weight_of(profile, PluginId::node_resources_balanced_allocation);
  const auto add_score = [&](PluginId id, std::int64_t weight) {
    if (weight == 0) return;
    auto plugin = make_score(id, cycle_);
    if (plugin->prepare({})) scores_.emplace_back(std::move(plugin), weight);
  };
  if (!usual_) {
    add_score(PluginId::node_resources_fit, fit_weight_);
    add_score(PluginId::node_resources_balanced_allocation, balanced_weight_);
  }
  if (images.valid()) image_weight_ = weight_of(profile, PluginId::image_locality);
  read_images();
  const auto raw = [&](PluginId id) -> std::unique_ptr<ScorePlugin> {
    if (weight_of(profile, id) == 0) return nullptr;
    auto plugin = make_score(id, cycle_);
    return plugin->prepare({}) ? std::move(plugin) : nullptr;
  };
  preferred_ = raw(PluginId::node_affinity);
  taints_ = raw(PluginId::taint_toleration);
}

void LocalPlugins::read_images() {
  if (image_weight_ != 0) images_ = make_score(PluginId::image_locality, images_cycle_);
}

bool LocalPlugins::static_ok(NodeId node) const {
  return std::all_of(static_filters_.begin(), static_filters_.end(), [node](const auto& plugin) {
    return plugin->filter(node, nullptr) == Code::success;
  });
}

/// filter_resources, fit_score and balanced_score from the node's load line; the row is looked at
/// only by pods that ask for other kinds too.
std::int32_t LocalPlugins::usual_score(NodeId node) const {
  const NodeTable::Load& load = cluster_.nodes().load(node);
  if (load.used_pods + 1 > load.pods) return kInfeasible;
  if (needs_cpu_ != 0 && needs_cpu_ > load.cpu - load.used_cpu) return kInfeasible;
  if (needs_memory_ != 0 && needs_memory_ > load.memory - load.used_memory) return kInfeasible;
  if (needs_others_ && filter_resources(shape_.demand, cluster_.nodes()[node]) != Reason::fits) {
    return kInfeasible;
  }
  const bool both = load.cpu != 0 && load.memory != 0;
  if (!both) {
    const NodeTable::Row& row = cluster_.nodes()[node];
    return static_cast<std::int32_t>(fit_weight_ *
                                         fit_score(usual_strategy(profile_), shape_.demand, row) +
                                     balanced_weight_ * balanced_score(shape_.demand, row));
  }
  std::int64_t sum = 0;
  if (fit_weight_ != 0) {
    const std::int64_t cpu = load.scored_cpu + shape_.demand.scored_cpu;
    const std::int64_t memory = load.scored_memory + shape_.demand.scored_memory;
    const std::int64_t fit =
        most_allocated_
            ? most_allocated_score(cpu, load.cpu) + most_allocated_score(memory, load.memory)
            : least_allocated_score(cpu, load.cpu) + least_allocated_score(memory, load.memory);
    sum += fit_weight_ * (fit / 2);
  }
  if (balanced_weight_ != 0) {
    sum += balanced_weight_ *
           balance_of_two(used_fraction(load.used_cpu + needs_cpu_, load.cpu),
                          used_fraction(load.used_memory + needs_memory_, load.memory));
  }
  return static_cast<std::int32_t>(sum);
}

std::int32_t LocalPlugins::score(NodeId node) const {
  std::int64_t sum = 0;
  if (usual_) {
    sum = usual_score(node);
    if (sum == kInfeasible) return kInfeasible;
  }
  for (const auto& plugin : usage_filters_) {
    if (plugin->filter(node, nullptr) != Code::success) return kInfeasible;
  }
  for (const auto& [plugin, weight] : scores_) sum += weight * plugin->score(node);
  if (images_ != nullptr) sum += image_weight_ * images_->score(node);
  return static_cast<std::int32_t>(sum);
}

std::int64_t LocalPlugins::preferred(NodeId node) const {
  return preferred_ == nullptr ? 0 : preferred_->score(node);
}

std::int64_t LocalPlugins::taints(NodeId node) const {
  return taints_ == nullptr ? 0 : taints_->score(node);
}

}  // namespace arcas::scheduler
