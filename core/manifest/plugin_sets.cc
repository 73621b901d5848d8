#include "core/manifest/plugin_sets.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace arcas::manifest {

using scheduler::PluginId;
using scheduler::SchedulerProfile;
using scheduler::WeightedPlugin;

namespace {

enum class Point : std::uint8_t {
  pre_enqueue,
  queue_sort,
  pre_filter,
  filter,
  post_filter,
  pre_score,
  score,
  reserve,
  permit,
  pre_bind,
  bind,
  post_bind,
};
constexpr std::array<std::string_view, 12> kPointNames{
    "preEnqueue", "queueSort", "preFilter", "filter",  "postFilter", "preScore",
    "score",      "reserve",   "permit",    "preBind", "bind",       "postBind"};

constexpr std::uint32_t bit(Point point) { return 1U << static_cast<unsigned>(point); }

constexpr std::uint32_t kFilters = bit(Point::pre_filter) | bit(Point::filter);
constexpr std::uint32_t kScores = bit(Point::pre_score) | bit(Point::score);

/// The extension points that a plugin has in Kubernetes 1.32.
constexpr std::uint32_t points_of(PluginId plugin) {
  switch (plugin) {
    case PluginId::scheduling_gates:
      return bit(Point::pre_enqueue);
    case PluginId::priority_sort:
      return bit(Point::queue_sort);
    case PluginId::node_unschedulable:
    case PluginId::node_name:
    case PluginId::node_runtime_ready:
      return bit(Point::filter);
    case PluginId::taint_toleration:
      return bit(Point::filter) | kScores;
    case PluginId::node_affinity:
    case PluginId::node_resources_fit:
    case PluginId::pod_topology_spread:
    case PluginId::inter_pod_affinity:
      return kFilters | kScores;
    case PluginId::node_ports:
    case PluginId::volume_restrictions:
    case PluginId::node_volume_limits:
    case PluginId::volume_zone:
      return kFilters;
    case PluginId::volume_binding:
      return kFilters | kScores | bit(Point::reserve) | bit(Point::pre_bind);
    case PluginId::default_preemption:
      return bit(Point::pre_enqueue) | bit(Point::post_filter);
    case PluginId::node_resources_balanced_allocation:
      return kScores;
    case PluginId::image_locality:
      return bit(Point::score);
    case PluginId::default_binder:
      return bit(Point::bind);
    case PluginId::placement_policy:
    case PluginId::none:
      return 0;
  }
  return 0;
}

struct PluginSet {
  std::vector<WeightedPlugin> enabled;
  std::vector<PluginId> disabled;
  bool all_disabled = false;

  [[nodiscard]] bool disables(PluginId plugin) const {
    return all_disabled || std::find(disabled.begin(), disabled.end(), plugin) != disabled.end();
  }
  [[nodiscard]] const WeightedPlugin* find(PluginId plugin) const {
    const auto at = std::find_if(enabled.begin(), enabled.end(),
                                 [plugin](const auto& entry) { return entry.plugin == plugin; });
    return at == enabled.end() ? nullptr : &*at;
  }
};

/// Kubernetes's default multiPoint list: its plugins in the order of their ids.
PluginSet default_set() {
  PluginSet set;
  const SchedulerProfile defaults = SchedulerProfile::kubernetes();
  for (unsigned i = 0; i < static_cast<unsigned>(PluginId::node_runtime_ready); ++i) {
    const auto plugin = static_cast<PluginId>(i);
    const auto at = std::find_if(defaults.scores.begin(), defaults.scores.end(),
                                 [plugin](const auto& entry) { return entry.plugin == plugin; });
    set.enabled.push_back({plugin, at == defaults.scores.end() ? 0 : at->weight});
  }
  return set;
}

PluginId plugin_at(const Field& entry) {
  entry["name"].require();
  const std::string_view name = entry["name"].text();
  if (const auto plugin = scheduler::plugin_named(name)) return *plugin;
  if (!name.empty()) {
    entry["name"].refuse(quoted(name) + " is no plugin; allowed: " + plugin_names());
  }
  return PluginId::none;
}

/// `point` none: multiPoint.
PluginSet set_at(const Field& field, std::optional<Point> point) {
  PluginSet set;
  if (!field.present()) return set;
  field.allow_only({"enabled", "disabled"});
  for (const Field& entry : field["disabled"].elements()) {
    entry.allow_only({"name", "weight"});
    if (entry["name"].is_text() && entry["name"].text() == "*") {
      set.all_disabled = true;
    } else {
      set.disabled.push_back(plugin_at(entry));
    }
  }
  for (const Field& entry : field["enabled"].elements()) {
    entry.allow_only({"name", "weight"});
    const PluginId plugin = plugin_at(entry);
    const std::int64_t weight =
        entry["weight"].integer(0, 1, std::numeric_limits<std::int32_t>::max());
    if (plugin == PluginId::none) continue;
    if (set.find(plugin) != nullptr) entry["name"].refuse("is enabled twice");
    if (point && (points_of(plugin) & bit(*point)) == 0) {
      entry["name"].refuse(quoted(entry["name"].text()) + " has no extension point " +
                           std::string(kPointNames[static_cast<std::size_t>(*point)]));
    }
    set.enabled.push_back({plugin, weight});
  }
  return set;
}

/// The defaults without what is disabled; what is enabled anew keeps its place there.
PluginSet merged(const PluginSet& defaults, const PluginSet& custom) {
  PluginSet set;
  set.disabled = custom.disabled;
  set.all_disabled = custom.all_disabled;
  for (const WeightedPlugin& entry : defaults.enabled) {
    if (custom.disables(entry.plugin)) continue;
    const WeightedPlugin* again = custom.find(entry.plugin);
    set.enabled.push_back(again != nullptr ? *again : entry);
  }
  for (const WeightedPlugin& entry : custom.enabled) {
    if (set.find(entry.plugin) == nullptr) set.enabled.push_back(entry);
  }
  return set;
}

/// The plugins of one extension point in the order in which they run.
std::vector<WeightedPlugin> expanded(Point point, const PluginSet& everywhere,
                                     const PluginSet& here) {
  if (here.all_disabled) return here.enabled;
  std::vector<WeightedPlugin> overriding;
  std::vector<WeightedPlugin> inherited;
  std::vector<WeightedPlugin> others;
  const auto comes_from_everywhere = [&](PluginId plugin) {
    return everywhere.find(plugin) != nullptr && !here.disables(plugin);
  };
  for (const WeightedPlugin& entry : here.enabled) {
    (comes_from_everywhere(entry.plugin) ? overriding : others).push_back(entry);
  }
  for (const WeightedPlugin& entry : everywhere.enabled) {
    const bool wanted = (points_of(entry.plugin) & bit(point)) != 0 && !here.disables(entry.plugin);
    if (wanted && here.find(entry.plugin) == nullptr) inherited.push_back(entry);
  }
  overriding.insert(overriding.end(), inherited.begin(), inherited.end());
  overriding.insert(overriding.end(), others.begin(), others.end());
  return overriding;
}

std::vector<PluginId> ids_of(const std::vector<WeightedPlugin>& plugins) {
  std::vector<PluginId> ids;
  for (const WeightedPlugin& entry : plugins) ids.push_back(entry.plugin);
  return ids;
}

}  // namespace

std::string plugin_names() {
  std::string names;
  for (unsigned i = 0; i < static_cast<unsigned>(PluginId::none); ++i) {
    if (i > 0) names += ", ";
    names += scheduler::name(static_cast<PluginId>(i));
  }
  return names;
}

void read_plugin_sets(const Field& plugins, SchedulerProfile& profile) {
  if (plugins.present()) {
    plugins.allow_only({"preEnqueue", "queueSort", "preFilter", "filter", "postFilter", "preScore",
                        "score", "reserve", "permit", "preBind", "bind", "postBind", "multiPoint"});
  }
  const PluginSet everywhere = merged(default_set(), set_at(plugins["multiPoint"], std::nullopt));
  std::array<std::vector<WeightedPlugin>, kPointNames.size()> lists;
  for (std::size_t i = 0; i < kPointNames.size(); ++i) {
    const auto point = static_cast<Point>(i);
    lists[i] = expanded(point, everywhere, set_at(plugins[kPointNames[i]], point));
  }
  const auto list = [&lists](Point point) -> std::vector<WeightedPlugin>& {
    return lists[static_cast<std::size_t>(point)];
  };
  if (list(Point::queue_sort).size() != 1) {
    plugins["queueSort"].refuse("leaves no plugin; allowed: exactly one (PrioritySort)");
  }
  if (list(Point::bind).empty()) {
    plugins["bind"].refuse("leaves no plugin; allowed: at least one (DefaultBinder)");
  }
  for (WeightedPlugin& entry : list(Point::score)) {
    // 0 stands for "not given", also where multiPoint gives one and the extension point does not.
    if (entry.weight == 0) entry.weight = 1;
  }
  profile.pre_enqueue = ids_of(list(Point::pre_enqueue));
  profile.pre_filters = ids_of(list(Point::pre_filter));
  profile.filters = ids_of(list(Point::filter));
  profile.post_filters = ids_of(list(Point::post_filter));
  profile.pre_scores = ids_of(list(Point::pre_score));
  profile.scores = list(Point::score);
}

}  // namespace arcas::manifest
