#include <algorithm>

#include "core/scheduler/framework.h"
#include "core/scheduler/plugins/scheduling_gates.h"

namespace arcas::scheduler {
namespace {

bool holds(const std::vector<PluginId>& list, PluginId plugin) {
  return std::find(list.begin(), list.end(), plugin) != list.end();
}

/// Kubernetes's words for a PreFilterResult that leaves no node.
std::string nothing_left(std::vector<PluginId> narrowed_by) {
  std::vector<std::string_view> names;
  for (const PluginId plugin : narrowed_by) names.push_back(name(plugin));
  std::sort(names.begin(), names.end());
  std::string list;
  for (const std::string_view each : names) {
    if (!list.empty()) list += ' ';
    list += each;
  }
  return "node(s) didn't satisfy plugin(s) [" + list + "] simultaneously";
}

}  // namespace

Evaluation::Evaluation(const Cycle& cycle) : cycle_(cycle) {
  for (const PluginId plugin : cycle_.profile.pre_filters) {
    std::unique_ptr<FilterPlugin> filter = make_filter(plugin, cycle_);
    if (filter == nullptr) continue;
    FilterPlugin::Prepared prepared = filter->prepare();
    prepared.status.plugin = plugin;
    if (prepared.status.code == Code::skip) {
      skipped_filters_.push_back(plugin);
    } else if (!prepared.status.ok()) {
      pre_filter_ = std::move(prepared.status);
      // Kubernetes goes on after `unschedulable`: a later plugin may say something final.
      if (pre_filter_.code != Code::unschedulable) return;
    } else {
      if (prepared.only && !narrow(plugin, std::move(*prepared.only))) return;
      filters_.emplace_back(plugin, std::move(filter));
    }
  }
  order_filters();
}

bool Evaluation::narrow(PluginId plugin, std::vector<NodeId> only) {
  narrowed_by_.push_back(plugin);
  if (!only_) {
    only_ = std::move(only);
    return true;
  }
  std::vector<NodeId> both;
  std::set_intersection(only_->begin(), only_->end(), only.begin(), only.end(),
                        std::back_inserter(both));
  only_ = std::move(both);
  if (!only_->empty()) return true;
  pre_filter_ = {Code::unresolvable, plugin, {nothing_left(narrowed_by_)}};
  return false;
}

void Evaluation::order_filters() {
  decltype(filters_) ordered;
  for (const PluginId plugin : cycle_.profile.filters) {
    if (holds(skipped_filters_, plugin)) continue;
    const auto at = std::find_if(filters_.begin(), filters_.end(),
                                 [plugin](const auto& entry) { return entry.first == plugin; });
    if (at != filters_.end()) {
      ordered.emplace_back(plugin, std::move(at->second));
      continue;
    }
    // No PreFilter by that profile; what the plugin works out for itself does not show.
    std::unique_ptr<FilterPlugin> filter = make_filter(plugin, cycle_);
    if (filter != nullptr && filter->prepare().status.code != Code::skip) {
      ordered.emplace_back(plugin, std::move(filter));
    }
  }
  filters_ = std::move(ordered);
}

PluginStatus Evaluation::pre_enqueue() const {
  if (!holds(cycle_.profile.pre_enqueue, PluginId::scheduling_gates)) return {};
  return scheduling_gates_status(cycle_);
}

PluginStatus Evaluation::filter(NodeId node) const {
  if (!pre_filter_.ok()) return pre_filter_;
  PluginStatus status;
  for (const auto& [plugin, filter] : filters_) {
    status.code = filter->filter(node, &status.reasons);
    if (status.code == Code::success) continue;
    status.plugin = plugin;
    return status;
  }
  return status;
}

Code Evaluation::passes(NodeId node) const {
  if (!pre_filter_.ok()) return pre_filter_.code;
  for (const auto& [plugin, filter] : filters_) {
    const Code code = filter->filter(node, nullptr);
    if (code != Code::success) return code;
  }
  return Code::success;
}

std::vector<NodeId> Evaluation::feasible() const {
  std::vector<NodeId> nodes;
  if (!pre_filter_.ok()) return nodes;
  const NodeTable& table = cycle_.cluster.nodes();
  const auto consider = [&](NodeId node) {
    if (table.known(node) && passes(node) == Code::success) nodes.push_back(node);
  };
  if (only_) {
    std::for_each(only_->begin(), only_->end(), consider);
  } else {
    for (std::uint32_t i = 0; i < table.size(); ++i) consider(NodeId{i});
  }
  return nodes;
}

Evaluation::Scores Evaluation::score(std::span<const NodeId> feasible) const {
  Scores scores;
  std::vector<std::pair<PluginId, std::unique_ptr<ScorePlugin>>> prepared;
  for (const PluginId plugin : cycle_.profile.pre_scores) {
    std::unique_ptr<ScorePlugin> score = make_score(plugin, cycle_);
    if (score == nullptr) continue;
    if (score->prepare(feasible)) {
      prepared.emplace_back(plugin, std::move(score));
    } else {
      scores.skipped.push_back(plugin);
    }
  }
  scores.total.resize(feasible.size(), 0);
  for (const WeightedPlugin& weighted : cycle_.profile.scores) {
    if (holds(scores.skipped, weighted.plugin)) continue;
    const auto at = std::find_if(prepared.begin(), prepared.end(),
                                 [&](const auto& entry) { return entry.first == weighted.plugin; });
    if (at != prepared.end()) {
      add_score(*at->second, weighted, feasible, scores);
      continue;
    }
    const std::unique_ptr<ScorePlugin> score = make_score(weighted.plugin, cycle_);
    if (score == nullptr || !score->prepare(feasible)) continue;
    add_score(*score, weighted, feasible, scores);
  }
  return scores;
}

void Evaluation::add_score(const ScorePlugin& plugin, const WeightedPlugin& weighted,
                           std::span<const NodeId> feasible, Scores& scores) {
  std::vector<std::int64_t> raw;
  raw.reserve(feasible.size());
  for (const NodeId node : feasible) raw.push_back(plugin.score(node));
  std::vector<std::int64_t> normalized = raw;
  plugin.normalize(feasible, normalized);
  for (std::size_t i = 0; i < feasible.size(); ++i) {
    scores.total[i] += normalized[i] * weighted.weight;
  }
  scores.plugins.push_back(weighted);
  scores.raw.push_back(std::move(raw));
  scores.normalized.push_back(std::move(normalized));
}

}  // namespace arcas::scheduler
