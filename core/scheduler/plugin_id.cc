#include "core/scheduler/plugin_id.h"

#include <algorithm>
#include <array>

namespace arcas::scheduler {
namespace {

constexpr std::array<std::string_view, 20> kNames{
    "SchedulingGates",    "PrioritySort",
    "NodeUnschedulable",  "NodeName",
    "TaintToleration",    "NodeAffinity",
    "NodePorts",          "NodeResourcesFit",
    "VolumeRestrictions", "NodeVolumeLimits",
    "VolumeBinding",      "VolumeZone",
    "PodTopologySpread",  "InterPodAffinity",
    "DefaultPreemption",  "NodeResourcesBalancedAllocation",
    "ImageLocality",      "DefaultBinder",
    "NodeRuntimeReady",   "PlacementPolicy"};
static_assert(kNames.size() == static_cast<std::size_t>(PluginId::none));

}  // namespace

std::string_view name(PluginId plugin) {
  return plugin == PluginId::none ? "" : kNames[static_cast<std::size_t>(plugin)];
}

std::optional<PluginId> plugin_named(std::string_view name) {
  const auto at = std::find(kNames.begin(), kNames.end(), name);
  const auto plugin = static_cast<PluginId>(at - kNames.begin());
  if (plugin == PluginId::none || plugin == PluginId::placement_policy) return std::nullopt;
  return plugin;
}

std::string_view name(Code code) {
  switch (code) {
    case Code::success:
      return "Success";
    case Code::unschedulable:
      return "Unschedulable";
    case Code::unresolvable:
      return "UnschedulableAndUnresolvable";
    case Code::skip:
      return "Skip";
    case Code::error:
      return "Error";
  }
  return "";
}

}  // namespace arcas::scheduler
